/**
 * The loop's commonest moves, written out flat: what `Frames`, `Calls` and `Requests` do to a row where nothing is out
 * of the ordinary, with every table in a local variable and without a call between one move and the next.
 *
 * It is a translation, not another model: every case names the method it stands for, works on the same tables, and
 * leaves to that method whatever is not ordinary (a dead node, a cut, a full pool, a fork). `Kernel.dispatch` alone is
 * the oracle: runs with and without this file have the same fingerprint (tests: every shipped scenario, and one in five random architectures).
 *
 * A hop without delay is not put into the ready queue when that is empty: the row would be the next to come out.
 */
import { Step } from './actor-instance.ts';
import { Code, Verb } from './code.ts';
import { nextSequence } from './frames.ts';
import type { Kernel } from './kernel.ts';
import { NodeState } from './nodes.ts';
import { FCol, Flag, ICol, Id, Kind, Shift, Status } from './rows.ts';
import { KeyFrom } from './sites.ts';
import { Route } from './world.ts';

/** Where in a row's way the loop is. */
const enum Go {
  Next,
  Dispatch,
  Arrive,
  Advance,
  RunCpu,
  CpuDone,
  Finish,
  Answer,
  Travel,
  Call,
  Settle,
}

/** Events at one instant before the run is stopped as a loop that takes no time. */
export const MOST_AT_ONE_INSTANT = 5_000_000;

/** Sums in two limbs, as everywhere. */
const LIMB = 4503599627370496;

/**
 * Handles rows until about `most` are done, nothing is due before the next boundary of time, or a table has grown.
 * Returns how many it handled.
 */
export function runFast(kernel: Kernel, most: number): number {
  const { world, frames, calls, requests, outages } = kernel;
  const { rows, ready, events, clock, nodes, machines, stations, spans, ledger, sites, network, components } = world;
  const { sampler, lanes, populations } = world;
  const { I, F } = rows;
  const { ways } = frames;
  const limit = kernel.limit;
  const reserve = kernel.reserve;
  const operations = world.operations.length;
  const draw = sampler.out;
  const { isCounted } = network;
  const isPlainSpans = spans.isPlain;
  const hasPriorities = world.priorities !== null;

  const nodeState = nodes.state;
  const nodeComponent = nodes.component;
  const nodeMachine = nodes.machine;
  const nodeInside = nodes.inside;
  const intake = nodes.intake;
  const loops = nodes.loops;
  const loopCount = nodes.loopCount;
  const connectionsUsed = machines.connectionsUsed;
  const isShared = machines.isShared;
  const running = machines.running;
  const busy = stations.busy;
  const queued = stations.queued;
  const capacity = stations.capacity;
  const cpuCell = components.cpuCell;
  const route = components.route;
  const inside = ledger.inside;
  const sitePath = sites.path;
  const thereCell = sites.thereCell;
  const backCell = sites.backCell;
  const siteOp = sites.op;
  const siteKey = sites.key;
  const siteTarget = sites.target;
  const siteLane = sites.lane;
  const isPlainSite = sites.isPlain;
  const sitePool = sites.pool;
  const code = world.code;
  const programs = world.programs;
  const perRequest = nodes.perRequest;
  const slowness = nodes.slowness;
  const connections = machines.connections;
  const memoryUsed = machines.memoryUsed;
  const speed = machines.speed;
  const machineLast = machines.last;
  const machineArea = machines.area;
  const machineCores = machines.cores;
  const stationLast = stations.last;
  const stationArea = stations.area;
  const arrivals = ledger.arrivals;
  const completed = ledger.completed;
  const errors = ledger.errors;
  const waitNs = ledger.waitNs;
  const serviceNs = ledger.serviceNs;
  const ledgerLast = ledger.last;
  const ledgerArea = ledger.area;
  const ledgerSum = ledger.sum;
  const quick = network.quick;
  const quickBack = network.quickBack;
  const spanOwner = spans.owner;
  const spanOpen = spans.open;
  const spanMark = spans.mark;
  const { firstNode } = components;
  const actors = components.actor;

  let handled = 0;
  let go: Go = Go.Next;
  let row = 0;
  /** First columns of the row in `I` and `F`. */
  let at = 0;
  let fat = 0;
  let now = clock[0];
  let pc = 0;
  let status = 0;
  let site = 0;
  /** Of a message that is to travel. */
  let path = 0;
  let isBack = false;
  let from = 0;
  let to = 0;
  let atThisInstant = kernel.atThisInstant;

  loop: for (;;) {
    switch (go) {
      case Go.Next:
        // Kernel.advance
        if (handled >= most || rows.I !== I || rows.capacity - rows.live < reserve || spans.available < reserve)
          break loop;
        row = ready.head === ready.tail ? Id.None : ready.shift();
        if (row === Id.None) {
          row = events.pop(limit);
          if (row === Id.None) break loop;
          const time = F[((row << Shift.F) & Shift.Range) + FCol.Time];
          if (time !== now) {
            if (!(time > now)) kernel.goesBack(time);
            now = time;
            clock[0] = time;
            atThisInstant = 0;
          }
        }
        go = Go.Dispatch;
        continue;

      case Go.Dispatch: {
        handled++;
        if (++atThisInstant > MOST_AT_ONE_INSTANT) kernel.standsStill(row);
        at = (row << Shift.I) & Shift.Range;
        fat = (row << Shift.F) & Shift.Range;
        const kind = I[at + ICol.Kind];
        if (outages.paused === 0 && !network.isCut) {
          if (kind === Kind.Arrive) {
            go = Go.Arrive;
            continue;
          }
          if (kind === Kind.CpuDone && isShared[nodeMachine[I[at + ICol.Node]]] === 0) {
            go = Go.CpuDone;
            continue;
          }
          if (kind === Kind.DelayDone) {
            pc = I[at + ICol.Pc] + 1;
            go = Go.Advance;
            continue;
          }
          if (kind === Kind.Machine) {
            row = machines.complete(row);
            if (row === Id.None) {
              go = Go.Next;
              continue;
            }
            at = (row << Shift.I) & Shift.Range;
            fat = (row << Shift.F) & Shift.Range;
            go = Go.CpuDone;
            continue;
          }
          if (kind === Kind.Reply) {
            // Calls.replied
            const parent = I[at + ICol.Parent];
            const p = (parent << Shift.I) & Shift.Range;
            if (
              I[p + ICol.Gen] === I[at + ICol.ParentGen] &&
              I[p + ICol.Attempt] === I[at + ICol.Tag] &&
              I[p + ICol.Kind] === Kind.WaitCall &&
              nodeState[I[p + ICol.Node]] !== NodeState.Paused
            ) {
              status = I[at + ICol.Flags] & Flag.StatusMask;
              if (isPlainSpans) {
                const chain = I[at + ICol.Span];
                I[p + ICol.Span] = chain;
                if (chain !== Id.None && spanOwner[chain] === row) spanOwner[chain] = parent;
              } else spans.give(row, parent);
              F[((parent << Shift.F) & Shift.Range) + FCol.Data] = F[fat + FCol.Data];
              rows.free(row);
              row = parent;
              at = p;
              fat = (parent << Shift.F) & Shift.Range;
              const pool = sitePool[I[at + ICol.Calling]];
              if (pool !== Id.None) frames.release(nodes.station(I[at + ICol.Node], pool));
              go = Go.Settle;
              continue;
            }
          } else if (kind === Kind.ReplyVia) {
            // Frames.returnVia
            const way = I[at + ICol.Via];
            const router = ways.router[way];
            const state = nodeState[router];
            if (state === NodeState.Up || state === NodeState.Draining) {
              I[at + ICol.Node] = router;
              I[at + ICol.Join] = ways.target[way];
              status = I[at + ICol.Flags] & Flag.StatusMask;
              if (actors[nodeComponent[router]]!.returned(row, status)) {
                if (frames.forwardAgain(row, way)) {
                  go = Go.Next;
                  continue;
                }
              }
              frames.dropConnection(router);
              I[at + ICol.Via] = ways.free(way);
              status = I[at + ICol.Flags] & Flag.StatusMask;
              go = Go.Answer;
              continue;
            }
          } else if (kind === Kind.GrantIntake) {
            // Frames.granted
            const component = nodeComponent[I[at + ICol.Node]];
            waitNs[component] += now - F[fat + FCol.Mark];
            I[at + ICol.Flags] |= Flag.Token;
            pc = programs[component * operations + (I[at + ICol.Op] & 0xffff)];
            if (pc === Id.None) {
              status = Status.Error;
              go = Go.Finish;
            } else go = Go.Advance;
            continue;
          } else if (kind === Kind.GrantLoop) {
            waitNs[nodeComponent[I[at + ICol.Node]]] += now - F[fat + FCol.Mark];
            go = Go.RunCpu;
            continue;
          } else if (kind === Kind.Begin) {
            // Requests.begin
            const population = populations[I[at + ICol.Op] >> 16];
            if (population.live === null) {
              const choice = population.choose(row);
              site = population.spec.sites[choice];
              requests.open(row, choice, site, population.keyFor(I[at + ICol.IdA], I[at + ICol.IdB]));
              go = Go.Call;
              continue;
            }
          } else if (kind === Kind.Source) {
            const population = populations[I[at + ICol.Op] >> 16];
            if (population.isPlain) {
              row = population.next(row);
              if (row === Id.None) {
                go = Go.Next;
                continue;
              }
              at = (row << Shift.I) & Shift.Range;
              fat = (row << Shift.F) & Shift.Range;
              const choice = population.choose(row);
              site = population.spec.sites[choice];
              requests.open(row, choice, site, population.keyFor(I[at + ICol.IdA], I[at + ICol.IdB]));
              go = Go.Call;
              continue;
            }
          }
        }
        kernel.dispatch(row);
        go = Go.Next;
        continue;
      }

      case Go.Arrive: {
        // Frames.arrive, admit
        const node = I[at + ICol.Node];
        const state = nodeState[node];
        const machine = nodeMachine[node];
        if (
          (state !== NodeState.Up && state !== NodeState.Draining) ||
          connectionsUsed[machine] >= connections[machine]
        ) {
          frames.arrive(row);
          go = Go.Next;
          continue;
        }
        const component = nodeComponent[node];
        if (hasPriorities) frames.prioritise(row, component);
        connectionsUsed[machine]++;
        nodeInside[node]++;
        I[at + ICol.Flags] |= Flag.Inside;
        F[fat + FCol.Start] = now;
        const dt = now - ledgerLast[component];
        if (dt !== 0) {
          ledgerLast[component] = now;
          const area = ledgerArea[component << 1] + inside[component] * dt;
          ledgerArea[component << 1] = area;
          if (area >= LIMB) ledger.carry(component);
        }
        inside[component]++;
        arrivals[component]++;
        const memory = perRequest[node];
        if (memory > 0) frames.useMemory(node, machine, memory);
        const station = intake[node];
        if (station !== Id.None) {
          if (busy[station] < capacity[station]) {
            const idle = now - stationLast[station];
            if (idle !== 0) {
              stationLast[station] = now;
              const a = station << 2;
              const area = stationArea[a] + busy[station] * idle;
              stationArea[a] = area;
              if (area >= LIMB) stations.carry(a);
              if (queued[station] > 0) stations.touchQueue(station, idle);
            }
            busy[station]++;
            I[at + ICol.Flags] |= Flag.Token;
          } else if (stations.isFull(station)) {
            ledger.turnedAway[component]++;
            status = Status.Rejected;
            go = Go.Finish;
            continue;
          } else {
            frames.wait(row, station, Kind.GrantIntake);
            go = Go.Next;
            continue;
          }
        } else if (loopCount[node] > 0 && !frames.assignLoop(row, node)) {
          ledger.turnedAway[component]++;
          status = Status.Rejected;
          go = Go.Finish;
          continue;
        }
        pc = programs[component * operations + (I[at + ICol.Op] & 0xffff)];
        if (pc === Id.None) {
          status = Status.Error;
          go = Go.Finish;
          continue;
        }
        go = Go.Advance;
        continue;
      }

      case Go.Advance: {
        // Frames.advance
        const op = pc * Code.Width;
        const verb = code[op];
        if (verb === Verb.Cpu) {
          // Frames.cpu
          I[at + ICol.Pc] = pc;
          const node = I[at + ICol.Node];
          sampler.sample(code[op + 1], I[at + ICol.IdA], I[at + ICol.IdB], code[op + 3]);
          F[fat + FCol.Work] = draw[0];
          if (loopCount[node] > 0) {
            const station = loops[node] + ((I[at + ICol.Flags] & Flag.ProcessMask) >> Flag.ProcessShift);
            if (busy[station] >= capacity[station]) {
              frames.wait(row, station, Kind.GrantLoop);
              go = Go.Next;
              continue;
            }
            const idle = now - stationLast[station];
            if (idle !== 0) {
              stationLast[station] = now;
              const a = station << 2;
              const area = stationArea[a] + busy[station] * idle;
              stationArea[a] = area;
              if (area >= LIMB) stations.carry(a);
              if (queued[station] > 0) stations.touchQueue(station, idle);
            }
            busy[station]++;
          }
          go = Go.RunCpu;
          continue;
        }
        if (verb === Verb.End) {
          status = I[at + ICol.Flags] & Flag.StatusMask;
          go = Go.Finish;
          continue;
        }
        if (verb === Verb.Call) {
          I[at + ICol.Pc] = pc;
          site = code[op + 1];
          go = Go.Call;
          continue;
        }
        if (verb === Verb.Actor && code[op + 1] < Code.Guest) {
          I[at + ICol.Pc] = pc;
          const outcome = actors[nodeComponent[I[at + ICol.Node]]]!.step(row, code[op + 1]);
          if (outcome === Step.Continue) {
            pc++;
            go = Go.Advance;
            continue;
          }
          if (outcome === Step.Suspend) {
            I[at + ICol.Kind] = Kind.WaitActor;
            go = Go.Next;
            continue;
          }
          status = I[at + ICol.Flags] & Flag.StatusMask;
          go = Go.Finish;
          continue;
        }
        if (verb === Verb.Hold) {
          // Frames.hold
          I[at + ICol.Pc] = pc;
          const node = I[at + ICol.Node];
          sampler.sample(code[op + 1], I[at + ICol.IdA], I[at + ICol.IdB], code[op + 3]);
          const time = Math.round(draw[0] * slowness[node]);
          serviceNs[nodeComponent[node]] += time;
          if (isPlainSpans) {
            const chain = I[at + ICol.Span];
            if (chain !== Id.None && spanOwner[chain] === row) {
              const gone = now - spanMark[chain];
              if (gone !== 0) {
                spanMark[chain] = now;
                spans.add(chain, spanOpen[chain], gone);
              }
              spanOpen[chain] = code[op + 2];
            }
          } else spans.enter(row, code[op + 2]);
          I[at + ICol.Kind] = Kind.DelayDone;
          F[fat + FCol.Time] = now + time;
          if (time === 0) ready.push(row);
          else events.push(row);
          go = Go.Next;
          continue;
        }
        if (verb === Verb.Jump) {
          pc = code[op + 1];
          go = Go.Advance;
          continue;
        }
        if (verb === Verb.IfMiss) {
          pc = (I[at + ICol.Flags] & Flag.StatusMask) === Status.Miss ? code[op + 1] : pc + 1;
          go = Go.Advance;
          continue;
        }
        if (verb === Verb.Seize) {
          const station = nodes.station(I[at + ICol.Node], code[op + 1]);
          if (stations.acquire(station)) {
            pc++;
            go = Go.Advance;
            continue;
          }
        } else if (verb === Verb.Release) {
          frames.release(nodes.station(I[at + ICol.Node], code[op + 1]));
          pc++;
          go = Go.Advance;
          continue;
        } else if (verb === Verb.Forward) {
          // Frames.forward
          const router = I[at + ICol.Node];
          const component = nodeComponent[router];
          const actor = actors[component]!;
          const target = actor.choose(row);
          if (target >= 0) {
            if ((I[at + ICol.Flags] & Flag.Inside) !== 0) {
              ledger.leave(component, F, fat + FCol.Start, false);
              nodeInside[router]--;
              if ((I[at + ICol.Flags] & Flag.Token) !== 0) frames.dropToken(row, router);
              I[at + ICol.Flags] &= ~Flag.Inside;
            }
            path = world.pathBetween(component, nodeComponent[target]);
            I[at + ICol.Via] = ways.take(router, I[at + ICol.Join], path, I[at + ICol.Via]);
            I[at + ICol.Node] = target;
            I[at + ICol.Kind] = Kind.Arrive;
            spans.enter(row, actor.onwardCell);
            isBack = false;
            from = router;
            to = target;
            go = Go.Travel;
            continue;
          }
          status = Status.Refused;
          go = Go.Finish;
          continue;
        }
        frames.advance(row, pc);
        go = Go.Next;
        continue;
      }

      case Go.RunCpu: {
        // Frames.runCpu; Machines.run
        const node = I[at + ICol.Node];
        const work = F[fat + FCol.Work];
        F[fat + FCol.Demand] = work;
        F[fat + FCol.Mark] = now;
        if (isPlainSpans) {
          const chain = I[at + ICol.Span];
          if (chain !== Id.None && spanOwner[chain] === row) {
            const time = now - spanMark[chain];
            if (time !== 0) {
              spanMark[chain] = now;
              spans.add(chain, spanOpen[chain], time);
            }
            spanOpen[chain] = cpuCell[nodeComponent[node]];
          }
        } else spans.enter(row, cpuCell[nodeComponent[node]]);
        const machine = nodeMachine[node];
        if (isShared[machine] === 0) {
          const dt = now - machineLast[machine];
          if (dt !== 0) {
            machineLast[machine] = now;
            const n = running[machine];
            if (n !== 0) {
              const area = machineArea[machine << 1] + (n < machineCores[machine] ? n : machineCores[machine]) * dt;
              machineArea[machine << 1] = area;
              if (area >= LIMB) machines.carry(machine);
            }
          }
          running[machine]++;
          I[at + ICol.Kind] = Kind.CpuDone;
          F[fat + FCol.Time] = now + Math.round(work / speed[machine]);
          events.push(row);
        } else machines.run(machine, row);
        go = Go.Next;
        continue;
      }

      case Go.CpuDone: {
        // Frames.cpuDone
        const node = I[at + ICol.Node];
        const machine = nodeMachine[node];
        const component = nodeComponent[node];
        const elapsed = now - F[fat + FCol.Mark];
        let service = elapsed;
        if (isShared[machine] === 0) {
          const dt = now - machineLast[machine];
          if (dt !== 0) {
            machineLast[machine] = now;
            const n = running[machine];
            const area = machineArea[machine << 1] + (n < machineCores[machine] ? n : machineCores[machine]) * dt;
            machineArea[machine << 1] = area;
            if (area >= LIMB) machines.carry(machine);
          }
          running[machine]--;
        } else {
          const wanted = Math.round(F[fat + FCol.Demand] / speed[machine]);
          if (wanted < elapsed) service = wanted;
          spans.split(row, service, components.cpuWaitCell[component]);
          waitNs[component] += elapsed - service;
        }
        serviceNs[component] += service;
        if (loopCount[node] > 0) {
          const station = loops[node] + ((I[at + ICol.Flags] & Flag.ProcessMask) >> Flag.ProcessShift);
          const idle = now - stationLast[station];
          if (idle !== 0) {
            stationLast[station] = now;
            const a = station << 2;
            const area = stationArea[a] + busy[station] * idle;
            stationArea[a] = area;
            if (area >= LIMB) stations.carry(a);
            if (queued[station] > 0) stations.touchQueue(station, idle);
          }
          busy[station]--;
          if (queued[station] > 0) {
            const next = stations.grantNext(station);
            if (next !== Id.None) ready.push(next);
          }
        }
        pc = I[at + ICol.Pc] + 1;
        go = Go.Advance;
        continue;
      }

      case Go.Finish: {
        // Frames.finish
        const flags = I[at + ICol.Flags];
        if ((flags & Flag.Branch) !== 0) {
          calls.join(row, status);
          go = Go.Next;
          continue;
        }
        const node = I[at + ICol.Node];
        if ((flags & Flag.Inside) !== 0) {
          const component = nodeComponent[node];
          const dt = now - ledgerLast[component];
          if (dt !== 0) {
            ledgerLast[component] = now;
            const area = ledgerArea[component << 1] + inside[component] * dt;
            ledgerArea[component << 1] = area;
            if (area >= LIMB) ledger.carry(component);
          }
          inside[component]--;
          const start = F[fat + FCol.Start];
          const sum = ledgerSum[component << 1] + now - (start > ledger.windowStart ? start : ledger.windowStart);
          ledgerSum[component << 1] = sum;
          if (sum >= LIMB) ledger.carrySum(component);
          if (status > Status.Miss) errors[component]++;
          else {
            completed[component]++;
            ledger.sojourn[component].record(now - start);
          }
          nodeInside[node]--;
          const machine = nodeMachine[node];
          connectionsUsed[machine]--;
          memoryUsed[machine] -= perRequest[node];
          if ((flags & Flag.Token) !== 0) {
            // Stations.release
            const station = intake[node];
            const idle = now - stationLast[station];
            if (idle !== 0) {
              stationLast[station] = now;
              const a = station << 2;
              const area = stationArea[a] + busy[station] * idle;
              stationArea[a] = area;
              if (area >= LIMB) stations.carry(a);
              if (queued[station] > 0) stations.touchQueue(station, idle);
            }
            busy[station]--;
            if (queued[station] > 0) {
              const next = stations.grantNext(station);
              if (next !== Id.None) ready.push(next);
            }
          }
          I[at + ICol.Flags] = flags & ~(Flag.Inside | Flag.Token);
        }
        go = Go.Answer;
        continue;
      }

      case Go.Answer: {
        // Frames.answer, answerTo
        I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | status;
        from = I[at + ICol.Node];
        const way = I[at + ICol.Via];
        let cell = 0;
        if (way !== Id.None) {
          I[at + ICol.Kind] = Kind.ReplyVia;
          to = ways.router[way];
          cell = actors[nodeComponent[to]]!.onwardCell;
          path = ways.path[way];
        } else {
          const parent = I[at + ICol.Parent];
          if (parent === Id.None) {
            frames.answer(row, status);
            go = Go.Next;
            continue;
          }
          to = I[((parent << Shift.I) & Shift.Range) + ICol.Node];
          I[at + ICol.Kind] = Kind.Reply;
          const asked = I[at + ICol.Site];
          cell = backCell[asked];
          path = sitePath[asked];
        }
        if (isPlainSpans) {
          const chain = I[at + ICol.Span];
          if (chain !== Id.None && spanOwner[chain] === row) {
            const time = now - spanMark[chain];
            if (time !== 0) {
              spanMark[chain] = now;
              spans.add(chain, spanOpen[chain], time);
            }
            spanOpen[chain] = cell;
          }
        } else spans.enter(row, cell);
        isBack = true;
        go = Go.Travel;
        continue;
      }

      case Go.Travel: {
        // Frames.travel
        const delay = isBack ? quickBack[path] : quick[path];
        if (delay < 0) {
          frames.travel(row, path, isBack, from, to);
          go = Go.Next;
          continue;
        }
        if (isCounted) network.passed(path, isBack, delay);
        if (delay > 0) {
          F[fat + FCol.Time] = now + delay;
          events.push(row);
          go = Go.Next;
        } else if (ready.head === ready.tail && rows.capacity - rows.live >= reserve && spans.available >= reserve) {
          go = Go.Dispatch;
        } else {
          ready.push(row);
          go = Go.Next;
        }
        continue;
      }

      case Go.Call: {
        // Calls.start, attempt, send
        if (isPlainSite[site] === 0) {
          calls.start(row, site);
          go = Go.Next;
          continue;
        }
        I[at + ICol.Calling] = site;
        const attempt = nextSequence(I[at + ICol.Attempt]);
        I[at + ICol.Attempt] = attempt;
        F[fat + FCol.Work] = 0;
        const lane = siteLane[site];
        if (lane !== Id.None) lanes[lane].push(row);
        const flags = I[at + ICol.Flags];
        // Frames.child, Calls.message
        const child = rows.take();
        const c = (child << Shift.I) & Shift.Range;
        let place = 0;
        if ((flags & Flag.Request) !== 0) requests.attempted(row);
        else place = code[I[at + ICol.Pc] * Code.Width + 3] + 1;
        const idA = I[at + ICol.IdA];
        const idB = I[at + ICol.IdB];
        let u = ((idA ^ 0x5bd1e995) + Math.imul(place, 0x9e3779b1)) | 0;
        let v = (idB + Math.imul(attempt & 0xff, 0x85ebca77)) | 0;
        u = Math.imul(u ^ ((v << 16) | (v >>> 16)), 0x21f0aaad);
        v = Math.imul(v ^ ((u << 16) | (u >>> 16)), 0x735a2d97);
        u = Math.imul(u ^ ((v << 16) | (v >>> 16)), 0x85ebca6b);
        v = Math.imul(v ^ ((u << 16) | (u >>> 16)), 0xc2b2ae35);
        u = Math.imul(u ^ ((v << 16) | (v >>> 16)), 0x27d4eb2f);
        v = Math.imul(v ^ ((u << 16) | (u >>> 16)), 0x165667b1);
        u = Math.imul(u ^ ((v << 16) | (v >>> 16)), 0xd35a2d97);
        v ^= u >>> 16;
        I[c + ICol.IdA] = u ^ (v >>> 15);
        I[c + ICol.IdB] = v;
        const op = I[at + ICol.Op];
        I[c + ICol.Op] = (op & ~0xffff) | siteOp[site];
        I[c + ICol.Key] =
          siteKey[site] === KeyFrom.Request ? I[at + ICol.Key] : calls.keyOf(row, op >> 16, siteKey[site]);
        I[c + ICol.User] = I[at + ICol.User];
        I[c + ICol.Flags] = flags & Flag.PriorityMask;
        I[c + ICol.Parent] = row;
        I[c + ICol.ParentGen] = I[at + ICol.Gen];
        I[c + ICol.Tag] = attempt;
        I[c + ICol.Site] = site;
        I[c + ICol.Via] = Id.None;
        I[c + ICol.Join] = 0;
        I[c + ICol.Attempt] = 0;
        I[c + ICol.Calling] = Id.None;
        F[((child << Shift.F) & Shift.Range) + FCol.Data] = 0;
        I[at + ICol.Kind] = Kind.WaitCall;
        if (isPlainSpans) {
          const chain = I[at + ICol.Span];
          I[c + ICol.Span] = chain;
          if (chain !== Id.None && spanOwner[chain] === row) {
            spanOwner[chain] = child;
            const time = now - spanMark[chain];
            if (time !== 0) {
              spanMark[chain] = now;
              spans.add(chain, spanOpen[chain], time);
            }
            spanOpen[chain] = thereCell[site];
          }
        } else {
          I[c + ICol.Span] = Id.None;
          spans.give(row, child);
          spans.enter(child, thereCell[site]);
        }
        // Calls.instance, dispatch
        const target = siteTarget[site];
        const way = route[target];
        const node =
          way === Route.Single
            ? firstNode[target]
            : way === Route.Actor
              ? actors[target]!.route(child, site)
              : calls.turn(site);
        if (node < 0) {
          calls.dispatch(child, node);
          go = Go.Next;
          continue;
        }
        I[c + ICol.Node] = node;
        I[c + ICol.Kind] = Kind.Arrive;
        from = I[at + ICol.Node];
        row = child;
        at = c;
        to = node;
        fat = (child << Shift.F) & Shift.Range;
        // A route may have made the call another component's.
        path = sitePath[I[c + ICol.Site]];
        isBack = false;
        go = Go.Travel;
        continue;
      }

      default: {
        // Calls.settle
        if (status > Status.Miss) {
          calls.failed(row, status);
          go = Go.Next;
          continue;
        }
        I[at + ICol.Attempt] = nextSequence(I[at + ICol.Attempt]);
        if ((I[at + ICol.Flags] & Flag.Request) !== 0) {
          requests.succeeded(row);
          go = Go.Next;
          continue;
        }
        I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | status;
        pc = I[at + ICol.Pc] + 1;
        go = Go.Advance;
      }
    }
  }
  kernel.atThisInstant = atThisInstant;
  return handled;
}
