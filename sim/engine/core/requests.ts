/** Requests of users: how they begin and end. `Population`, `Requests`, `Outcomes` and `Fingerprint`. */
import { Id, Kind } from '../layout';
import { Chain, PopCol, PopF, PopFlag, Site } from '../records';
import { Cell, Num, Slot } from '../slots';
import { isRecorded } from './circumstances';
import * as events from './event-list';
import * as host from './host';
import { record, recordCoarse, SHORT, shortOf, wholeOf } from './ledger';
import { free, pushReady, take } from './pool';
import { derive, uniform } from './counter';
import { round, sample } from './random';
import { keyFor } from './keys';
import * as recorded from './recorded';
import * as spans from './spans';
import * as thinkers from './thinkers';
import { fill } from './thinkers';
import {
  addF64,
  addI32,
  cell,
  chainAt,
  clock,
  dataOf,
  f64At,
  genOf,
  i32At,
  idAOf,
  idBOf,
  joinOf,
  LIMB,
  num,
  opOf,
  populationAt,
  populationOf,
  rowAt,
  setAttempt,
  setData,
  setGen,
  setIdentity,
  setJoin,
  setKey,
  setKind,
  setNum,
  setOp,
  setStart,
  setTime,
  siteAt,
  spanOf,
  startOf,
  table,
} from './tables';

/** Steps of a request's identity from which its choices are drawn: see population.ts. */
const enum Draw {
  Operation = 0x60000001,
  Think = 0x60000002,
  Gap = 0x60000004,
}

/** Latency bands: see outcomes.ts. */
const BANDS: i32 = 256;
const COMPLETED: i32 = 0;

/** Is a request all that the population begins, and does nothing move but time? */
@inline
export function isPlain(p: usize): bool {
  return (load<i32>(p, PopCol.Flags * 4) & PopFlag.Hosted) == 0;
}

/** Does the source send single requests at a constant rate? */
@inline
export function isSteady(p: usize): bool {
  return (load<i32>(p, PopCol.Flags * 4) & PopFlag.Steady) != 0;
}

/** A request that is due begins: returns the site over which it goes out. */
@inline
export function begin(row: i32, at: usize, p: usize): i32 {
  const choice = choose(p, idAOf(at), idBOf(at));
  const first = load<i32>(p, PopCol.FirstChoice * 4);
  const site = i32At(Slot.ChoiceSites, first + choice);
  const key = keyFor(p, idAOf(at), idBOf(at));
  const now = clock();
  setOp(at, (opOf(at) & ~0xffff) | i32At(Slot.ChoiceOperations, first + choice));
  setJoin(at, choice);
  setKey(at, key);
  setStart(at, now);
  addF64(Slot.Offered, i32At(Slot.ChoiceOutcomes, first + choice), 1);
  tick(now);
  addF64(Slot.OfferedBySecond, second, 1);
  spans.begin(row, at, load<i32>(siteAt(site), Site.ThereCell * 4));
  if (isRecorded()) {
    addF64(Slot.PopulationOffered, populationOf(at), 1);
    spans.follow(at);
  }
  return site;
}

/** Which of its operations a request asks for. */
@inline
function choose(p: usize, a: i32, b: i32): i32 {
  const count = load<i32>(p, PopCol.Choices * 4);
  return count == 1 ? 0 : chooseOf(count, p, a, b);
}

/** The call site over which the request of identity (a, b) will go out. */
@inline
export function siteFor(p: usize, a: i32, b: i32): i32 {
  return i32At(Slot.ChoiceSites, load<i32>(p, PopCol.FirstChoice * 4) + choose(p, a, b));
}

/** The same of more than one. */
function chooseOf(count: i32, p: usize, a: i32, b: i32): i32 {
  const u = uniform(a, b, Draw.Operation);
  const first = load<i32>(p, PopCol.FirstChoice * 4);
  let choice = 0;
  for (; choice < count - 1; choice++) {
    if (u < f64At(Slot.ChoiceWeights, first + choice)) break;
  }
  return choice;
}

/** The source comes up and waits for its next turn. Returns the request it makes. */
export function next(source: i32, at: usize, p: usize): i32 {
  const count = dataOf(at) + 1;
  const row = newRequest(p, populationOf(at), count);
  setData(at, count);
  schedule(source, at, p);
  return row;
}

function schedule(source: i32, at: usize, p: usize): void {
  const turn = joinOf(at) + 1;
  setJoin(at, turn);
  const gap = load<i32>(p, PopCol.Gap * 4);
  const time =
    gap == Id.None
      ? round((<f64>turn * 1e9) / load<f64>(p, PopF.Rate * 8))
      : clock() + round(sample(gap, idAOf(at), idBOf(at), Draw.Gap + turn * 2));
  events.schedule(source, at, time);
}

function newRequest(p: usize, population: i32, number: f64): i32 {
  const row = take();
  const at = rowAt(row);
  const words = wholeOf(number);
  const low = <i32>words;
  const identity = derive(load<i32>(p, PopCol.IdA * 4), load<i32>(p, PopCol.IdB * 4), low, <i32>(words >>> 32));
  fill(at, p, population, low, identity);
  return row;
}

/** A try is sent: `Requests.attempted`, and `RecordedRequests` of it. */
export function attempted(at: usize): void {
  setNum(Num.Attempts, num(Num.Attempts) + 1);
  if (!isRecorded()) return;
  addF64(Slot.PopulationAttempts, populationOf(at), 1);
  const chain = spanOf(at);
  const trail = chain == Id.None ? Id.None : load<i32>(chainAt(chain), Chain.Trail * 4);
  if (trail != Id.None) addI32(Slot.TrailTries, trail, 1);
}

/** The second of the run that was asked for last, and which slot of its figures it is in. */
let second: i32 = 0;
let slot: i32 = 0;
let secondBegins: f64 = 0;
let secondEnds: f64 = 0;

/** Finds the second of a time, which may be before the last one: see way-home.ts. There is room for it (`Outcomes.reserve`). */
@inline
function tick(now: f64): void {
  if (now < secondEnds) {
    if (now >= secondBegins) return;
  }
  second = <i32>(now / 1e9);
  slot = <i32>(<f64>second / num(Num.SlotSeconds));
  secondBegins = <f64>second * 1e9;
  secondEnds = secondBegins + 1e9;
}

/** Are the sums that the end of a request of the band adds to so small that they are the same in any order? Whole numbers are rounded from twice a limb on: there is room for what is under way. */
@inline
export function isExact(band: i32): bool {
  return band == BANDS || f64At(Slot.BandLatency, band) < LIMB;
}

/** The request's call came back well, and it ends in a band (see `bandFor`). The user is about to think for so long, ns; below 0: that has not been drawn. */
export function succeeded(row: i32, at: usize, band: i32, thought: f64): void {
  if (isRecorded() && !recorded.passes(row, at)) host.completes(row);
  const start = startOf(at);
  const latency = clock() - start;
  const isCounted = band != BANDS;
  if (isCounted) {
    addF64(Slot.BandCount, band, 1);
    addF64(Slot.BandLatency, band, latency);
  }
  const total = spans.settle(row, at, band * cell(Cell.SpanCells));
  if (total != latency) setNum(Num.Unbalanced, num(Num.Unbalanced) + 1);
  end(row, at, latency, isCounted, thought);
}

/** The latency band of a request that ends at a time; `BANDS`: it is not counted. */
@inline
export function bandFor(at: usize, end: f64): i32 {
  const start = startOf(at);
  return start >= num(Num.OutcomesWindow) ? bandOf(end - start) : BANDS;
}

@inline
function bandOf(latency: f64): i32 {
  const units = latency < SHORT ? shortOf(latency) >> 10 : <i32>min<f64>(0x7fffffff, latency / 1024);
  if (units < 8) return units;
  const exponent = 31 - clz(units);
  return min(BANDS - 1, ((exponent - 2) << 3) + ((units >> (exponent - 3)) & 7));
}

function end(row: i32, at: usize, latency: f64, isCounted: bool, thought: f64): void {
  const p = populationAt(populationOf(at));
  count(i32At(Slot.ChoiceOutcomes, load<i32>(p, PopCol.FirstChoice * 4) + joinOf(at)), latency, isCounted);
  const now = wholeOf(clock());
  fold(idAOf(at), idBOf(at), COMPLETED, spans.digest, <i32>now, <i32>(now >> 32));
  spans.drop(at);
  if ((load<i32>(p, PopCol.Flags * 4) & PopFlag.Hosted) != 0) host.ended(row, 0);
  else if (load<i32>(p, PopCol.Users * 4) == 0) free(row);
  else think(row, at, p, thought < 0 ? thinkTime(at, p) : thought);
}

/** `Outcomes.end` of a request that was completed. */
function count(operation: i32, latency: f64, isCounted: bool): void {
  tick(clock());
  addF64(Slot.CompletedBySecond, second, 1);
  recordCoarse(slot, latency);
  if (!isCounted) return;
  addF64(Slot.Ended, operation << 2, 1);
  record(cell(Cell.LatencyHistograms) + (operation << 1), latency);
}

/** `Fingerprint.fold` */
function fold(a: i32, b: i32, what: i32, digest: i32, low: i32, high: i32): void {
  let x = ((a ^ low) * 0x9e3779b1) ^ ((b + what) * 0x85ebca6b);
  let y = ((digest ^ high) * 0xc2b2ae35) ^ ((b ^ low) * 0x27d4eb2f);
  x = ((x ^ (x >>> 15)) * 0x2c1b3c6d) ^ y;
  y = ((y ^ (y >>> 13)) * 0x297a2d39) ^ x;
  // Of two checkpoints' lanes, those in which the request ends.
  const lanes = table(Slot.Fingerprint) + (clock() > num(Num.Limit) ? 16 : 0);
  store<i32>(lanes, load<i32>(lanes) + (x ^ (x >>> 16)));
  store<i32>(lanes, load<i32>(lanes, 4) + (y ^ (y >>> 15)), 4);
  store<i32>(lanes, load<i32>(lanes, 8) + (x ^ (y >>> 11)) * 0x165667b1, 8);
  store<i32>(lanes, load<i32>(lanes, 12) + (y ^ (x >>> 17)) * 0xd3a2646d, 12);
}

/** How long the user will think before the next request, ns; below 0: it does not come back. */
export function thoughtOf(at: usize, p: usize): f64 {
  return load<i32>(p, PopCol.Users * 4) == 0 ? -1 : thinkTime(at, p);
}

function thinkTime(at: usize, p: usize): f64 {
  return round(sample(load<i32>(p, PopCol.Think * 4), idAOf(at), idBOf(at), Draw.Think));
}

/** The user thinks for so long, ns, before the next request. */
function think(row: i32, at: usize, p: usize, time: f64): void {
  const next = derive(idAOf(at), idBOf(at), 0x7e57, 1);
  if (time > 0 || thinkers.firstHopOf(p) > 0) {
    thinkers.add(p, clock() + time, thinkers.what(at), next);
    free(row);
    return;
  }
  setIdentity(at, next);
  setKind(at, Kind.Begin);
  setAttempt(at, 0);
  setGen(at, genOf(at) + 1);
  setTime(at, clock());
  pushReady(row);
}
