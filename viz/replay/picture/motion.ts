/**
 * What moves, on one canvas: requests and answers as dots on the links, people who wait in front of a component, and the
 * graveyard of requests that were lost. Drawn anew for each frame from the time alone.
 *
 * Dots of one look are collected into one path and painted at once; nothing here asks the page for its layout.
 */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { sliceAt } from '../time/slices.ts';
import { paintCrowd } from './crowd.ts';
import { LOOKS, type Look, mark, type Palette } from './dots.ts';
import { paintGraveyard } from './graveyard.ts';
import { pointOn } from './lane.ts';
import { eachDot, noise } from './particles.ts';
import type { Scene } from './scene.ts';
import type { Drawing } from './topology.ts';

type Dots = Record<Look, Path2D>;

export interface DotScales {
  /** Requests per dot, and messages (replication) per dot. */
  requests: number;
  messages: number;
  /** Simulated seconds a dot is on its way. */
  travel: number;
}

export interface Surface {
  context: CanvasRenderingContext2D;
  /** Device pixels per CSS pixel. */
  density: number;
  width: number;
  height: number;
}

/** Requests keep to one side of a link and answers to the other, each within a strip, pixels from its middle. */
const STRIP = { near: 1.8, far: 6.6 };

/** How far from the middle a dot goes: always the same for the same dot. */
const asideOf = (seed: number, index: number) => STRIP.near + (STRIP.far - STRIP.near) * noise(seed, index);

/** Paints one moment. `still` paints no dots: for those who asked for less motion, the figures say it all. */
export function paint(
  surface: Surface,
  stage: StageRecording,
  scene: Scene,
  drawing: Drawing,
  palette: Palette,
  scales: DotScales,
  time: number,
  still: boolean,
): void {
  const { context, density } = surface;
  const zoom = density * drawing.layout.scale;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, surface.width, surface.height);
  context.setTransform(zoom, 0, 0, zoom, 0, 0);
  const slice = sliceAt(stage.slices, time);
  if (!still) paintDots(context, palette, dotsAt(stage, drawing, scales, time));
  for (const { node, door } of drawing.places) {
    if (node.component) paintCrowd(context, palette, node.component.queueMean[slice], door);
  }
  paintGraveyard(context, palette, scene, drawing, time);
}

function paintDots(context: CanvasRenderingContext2D, palette: Palette, paths: Dots): void {
  for (const look of LOOKS) {
    if (look === 'retry' || look === 'rejected' || look === 'failed') {
      context.strokeStyle = palette.looks[look];
      context.lineWidth = look === 'failed' ? 1.8 : 1.6;
      context.stroke(paths[look]);
    } else {
      context.fillStyle = palette.looks[look];
      context.fill(paths[look]);
    }
  }
}

const spot = { x: 0, y: 0 };

/** One path per look, with every dot that is on its way. */
function dotsAt(stage: StageRecording, drawing: Drawing, scales: DotScales, time: number): Dots {
  const paths = Object.fromEntries(LOOKS.map((look) => [look, new Path2D()])) as Dots;
  drawing.lanes.forEach(({ link, lane }, seed) => {
    if (link.kind === 'messages') {
      const scale = { ratio: scales.messages, travel: scales.travel };
      eachDot(link.forth, time, scale, seed, (progress) => {
        pointOn(lane, progress, 0, spot);
        paths.message.rect(spot.x - 1.75, spot.y - 1.75, 3.5, 3.5);
      });
      return;
    }
    const scale = { ratio: scales.requests, travel: scales.travel };
    eachDot(link.forth, time, scale, seed, (progress, index) => {
      pointOn(lane, progress, -asideOf(seed + 31, index), spot);
      const slice = sliceAt(stage.slices, time - progress * scales.travel);
      const isRetry = noise(seed + 7919, index) < link.retried[slice];
      mark(paths[isRetry ? 'retry' : 'request'], isRetry ? 'retry' : 'request', spot.x, spot.y);
    });
    eachDot(link.back, time, scale, seed + 104729, (progress, index) => {
      pointOn(lane, 1 - progress, asideOf(seed + 37, index), spot);
      const slice = sliceAt(stage.slices, time - progress * scales.travel);
      const draw = noise(seed + 15485863, index);
      const look =
        draw < link.failed[slice] ? 'failed' : draw < link.failed[slice] + link.rejected[slice] ? 'rejected' : 'answer';
      mark(paths[look], look, spot.x, spot.y);
    });
  });
  return paths;
}
