/** What the core asks of TypeScript: the actors, and whatever is out of the ordinary. See `Core` for the other side. */

/** Handles the row the general way. */
@external('host', 'dispatch') export declare function dispatch(row: i32): void;
@external('host', 'arrive') export declare function arrive(row: i32): void;
@external('host', 'advance') export declare function advance(row: i32, pc: i32): void;
@external('host', 'answer') export declare function answer(row: i32, status: i32): void;
/** To Id.None: to the caller of the row. */
@external('host', 'travel') export declare function travel(row: i32, path: i32, back: i32, from: i32, to: i32): void;
@external('host', 'forwardAgain') export declare function forwardAgain(row: i32, way: i32): i32;
@external('host', 'prioritise') export declare function prioritise(row: i32, component: i32): void;
@external('host', 'outOfMemory') export declare function outOfMemory(node: i32): void;
@external('host', 'watchPatience') export declare function watchPatience(row: i32, station: i32, patience: i32): void;

@external('host', 'startCall') export declare function startCall(row: i32, site: i32): void;
@external('host', 'failed') export declare function failed(row: i32, status: i32): void;
@external('host', 'send') export declare function send(child: i32, node: i32): void;
@external('host', 'join') export declare function join(row: i32, status: i32): void;
@external('host', 'turn') export declare function turn(site: i32): i32;
@external('host', 'freshKey') export declare function freshKey(row: i32, population: i32, from: i32): i32;
@external('host', 'timedOut') export declare function timedOut(row: i32): void;

@external('host', 'step') export declare function step(component: i32, row: i32, argument: i32): i32;
@external('host', 'choose') export declare function choose(component: i32, row: i32): i32;
@external('host', 'route') export declare function route(component: i32, row: i32, site: i32): i32;
@external('host', 'returned') export declare function returned(component: i32, row: i32, status: i32): i32;
@external('host', 'pathBetween') export declare function pathBetween(from: i32, to: i32): i32;

/** A draw that is not one of the two common distributions, or a rare one of these. */
@external('host', 'sample') export declare function sample(id: i32, a: i32, b: i32, step: i32): f64;
/** A request of a live connection ended. */
@external('host', 'ended') export declare function ended(row: i32, status: i32): void;

/** Who records is told that a request is about to be completed. */
@external('host', 'completes') export declare function completes(row: i32): void;

/** Tables that are full are made anew, twice as large. */
@external('host', 'growReady') export declare function growReady(): void;
@external('host', 'growWays') export declare function growWays(): void;
@external('host', 'makeLaneRoom') export declare function makeLaneRoom(lane: i32): void;
@external('host', 'growMachine') export declare function growMachine(machine: i32): void;
@external('host', 'growHistogram') export declare function growHistogram(histogram: i32, valueNs: f64): void;
@external('host', 'growSeries') export declare function growSeries(second: i32): void;
@external('host', 'growSlots') export declare function growSlots(slot: i32): void;
@external('host', 'growHeap') export declare function growHeap(): void;

/** Room on the heap; returns its address. */
@external('host', 'room') export declare function room(bytes: i32): i32;

/** Errors. */
@external('host', 'exhausted') export declare function exhausted(): void;
@external('host', 'goesBack') export declare function goesBack(timeNs: f64): void;
@external('host', 'standsStill') export declare function standsStill(row: i32): void;
