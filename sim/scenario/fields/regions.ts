/**
 * Regions and their zones: where components and users are, and how far apart.
 */
import * as z from 'zod';
import type { RegionSettings } from '../settings.ts';
import { distribution } from './distribution.ts';
import { complain, duration, reference, sortedEntries } from './scalar.ts';

/** Names of regions and zones: what `eu/a`, `app#2` and `eu -> us` are made of may not be part of them. */
const placeName = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => !/#|->|\/|[\u0000-\u001f]/.test(text) && text.trim() === text, {
    error: 'the name of a region or a zone holds neither / nor # nor ->, nor blanks at its ends',
  });

const zones = z
  .array(placeName)
  .min(1)
  .superRefine((names, ctx) => {
    for (const [index, name] of names.entries())
      if (names.indexOf(name) !== index) complain(ctx, `the zone \`${name}\` is named twice`, '', [index]);
  });

const region = z.strictObject({
  zones: zones
    .optional()
    .meta({ description: 'Zones, by name: parts of the region that fail apart. Default: the region is one place.' }),
  latency: z
    .record(placeName, distribution('One-way delay.'))
    .prefault({})
    .meta({ description: 'One-way delay to other regions; stated once for a pair it holds both ways.' }),
  'between-zones': distribution('One-way delay between zones of the region.').prefault('0.5ms'),
  access: duration(
    'One-way delay between users of the region and its network. Default: the delay of the network.',
  ).optional(),
  source: z.string().min(1).max(500).optional().meta({ description: 'Where the latencies come from.' }),
});

/** All regions of a stage, by name. */
export const regions = z.record(placeName, region);

export type RegionFields = z.output<typeof region>;

/** The entry of one region in the form that the compiler reads. */
export function regionSettings(name: string, fields: RegionFields): RegionSettings {
  return {
    name,
    zones: fields.zones ?? [],
    latency: sortedEntries(fields.latency).map(([to, delay]) => ({ to, delay })),
    betweenZones: fields['between-zones'],
    accessNs: fields.access ?? null,
    source: fields.source ?? null,
  };
}

/** Where instances stand: a region, a zone, or several that they take turns in. */
export const placement = z
  .union([reference('A region or a zone.').transform((one) => [one]), z.array(reference('A region or a zone.')).min(1)])
  .meta({
    description:
      'Region (`eu`) or zone (`eu/a`) the instances stand in. Several: in turn, the first instance in the first. A region with zones means all of its zones in turn.',
    examples: ['eu', ['eu/a', 'eu/b']],
  });
