/** How the core reads and writes what it shares with TypeScript: tables by their slot, single numbers, rows. */
import { FCol, Flag, ICol } from '../layout';
import { Chain, Component, Machine, NodeSize, PopCol, Site, Station } from '../records';
import { Cell, Num, Place, Slot } from '../slots';

/** Sums have two limbs: see statistics/wide-sum.ts. */
export const LIMB: f64 = 4503599627370496;

@inline export function table(slot: Slot): usize { return load<u32>(slot << 2); }
@inline export function i32At(slot: Slot, i: i32): i32 { return load<i32>(table(slot) + (i << 2)); }
@inline export function setI32(slot: Slot, i: i32, value: i32): void { store<i32>(table(slot) + (i << 2), value); }
@inline export function addI32(slot: Slot, i: i32, value: i32): void {
  const at = table(slot) + (i << 2);
  store<i32>(at, load<i32>(at) + value);
}
@inline export function f64At(slot: Slot, i: i32): f64 { return load<f64>(table(slot) + (i << 3)); }
@inline export function setF64(slot: Slot, i: i32, value: f64): void { store<f64>(table(slot) + (i << 3), value); }
@inline export function addF64(slot: Slot, i: i32, value: f64): void {
  const at = table(slot) + (i << 3);
  store<f64>(at, load<f64>(at) + value);
}
@inline export function u8At(slot: Slot, i: i32): i32 { return load<u8>(table(slot) + i); }

@inline export function cell(which: Cell): i32 { return load<i32>(Place.Cells + (which << 2)); }
@inline export function setCell(which: Cell, value: i32): void { store<i32>(Place.Cells + (which << 2), value); }
@inline export function num(which: Num): f64 { return load<f64>(Place.Numbers + (which << 3)); }
@inline export function setNum(which: Num, value: f64): void { store<f64>(Place.Numbers + (which << 3), value); }
/** The time, ns. */
@inline export function clock(): f64 { return num(Num.Clock); }

/** Where a row is: see `Rows`. */
@inline export function rowAt(row: i32): usize { return row << 7; }

@inline export function timeOf(at: usize): f64 { return load<f64>(at, FCol.Time * 8); }
@inline export function setTime(at: usize, value: f64): void { store<f64>(at, value, FCol.Time * 8); }
@inline export function startOf(at: usize): f64 { return load<f64>(at, FCol.Start * 8); }
@inline export function setStart(at: usize, value: f64): void { store<f64>(at, value, FCol.Start * 8); }
@inline export function workOf(at: usize): f64 { return load<f64>(at, FCol.Work * 8); }
@inline export function setWork(at: usize, value: f64): void { store<f64>(at, value, FCol.Work * 8); }
@inline export function markOf(at: usize): f64 { return load<f64>(at, FCol.Mark * 8); }
@inline export function setMark(at: usize, value: f64): void { store<f64>(at, value, FCol.Mark * 8); }
@inline export function demandOf(at: usize): f64 { return load<f64>(at, FCol.Demand * 8); }
@inline export function setDemand(at: usize, value: f64): void { store<f64>(at, value, FCol.Demand * 8); }
@inline export function dataOf(at: usize): f64 { return load<f64>(at, FCol.Data * 8); }
@inline export function setData(at: usize, value: f64): void { store<f64>(at, value, FCol.Data * 8); }

@inline export function nextOf(at: usize): i32 { return load<i32>(at, ICol.Next * 4); }
@inline export function setNext(at: usize, value: i32): void { store<i32>(at, value, ICol.Next * 4); }
@inline export function kindOf(at: usize): i32 { return load<i32>(at, ICol.Kind * 4); }
@inline export function setKind(at: usize, value: i32): void { store<i32>(at, value, ICol.Kind * 4); }
@inline export function nodeOf(at: usize): i32 { return load<i32>(at, ICol.Node * 4); }
@inline export function setNode(at: usize, value: i32): void { store<i32>(at, value, ICol.Node * 4); }
@inline export function pcOf(at: usize): i32 { return load<i32>(at, ICol.Pc * 4); }
@inline export function setPc(at: usize, value: i32): void { store<i32>(at, value, ICol.Pc * 4); }
@inline export function parentOf(at: usize): i32 { return load<i32>(at, ICol.Parent * 4); }
@inline export function setParent(at: usize, value: i32): void { store<i32>(at, value, ICol.Parent * 4); }
@inline export function parentGenOf(at: usize): i32 { return load<i32>(at, ICol.ParentGen * 4); }
@inline export function setParentGen(at: usize, value: i32): void { store<i32>(at, value, ICol.ParentGen * 4); }
@inline export function genOf(at: usize): i32 { return load<i32>(at, ICol.Gen * 4); }
@inline export function setGen(at: usize, value: i32): void { store<i32>(at, value, ICol.Gen * 4); }
@inline export function flagsOf(at: usize): i32 { return load<i32>(at, ICol.Flags * 4); }
@inline export function setFlags(at: usize, value: i32): void { store<i32>(at, value, ICol.Flags * 4); }
@inline export function queueNextOf(at: usize): i32 { return load<i32>(at, ICol.QNext * 4); }
@inline export function setQueueNext(at: usize, value: i32): void { store<i32>(at, value, ICol.QNext * 4); }
@inline export function setQueuePrev(at: usize, value: i32): void { store<i32>(at, value, ICol.QPrev * 4); }
@inline export function idAOf(at: usize): i32 { return load<i32>(at, ICol.IdA * 4); }
@inline export function idBOf(at: usize): i32 { return load<i32>(at, ICol.IdB * 4); }
/** Both words of the identity, which stand side by side. */
@inline export function identityOf(at: usize): i64 { return load<i64>(at, ICol.IdA * 4); }
@inline export function setIdentity(at: usize, words: i64): void { store<i64>(at, words, ICol.IdA * 4); }
@inline export function keyOf(at: usize): i32 { return load<i32>(at, ICol.Key * 4); }
@inline export function setKey(at: usize, value: i32): void { store<i32>(at, value, ICol.Key * 4); }
@inline export function userOf(at: usize): i32 { return load<i32>(at, ICol.User * 4); }
@inline export function setUser(at: usize, value: i32): void { store<i32>(at, value, ICol.User * 4); }
@inline export function attemptOf(at: usize): i32 { return load<i32>(at, ICol.Attempt * 4); }
@inline export function setAttempt(at: usize, value: i32): void { store<i32>(at, value, ICol.Attempt * 4); }
@inline export function tagOf(at: usize): i32 { return load<i32>(at, ICol.Tag * 4); }
@inline export function setTag(at: usize, value: i32): void { store<i32>(at, value, ICol.Tag * 4); }
@inline export function siteOf(at: usize): i32 { return load<i32>(at, ICol.Site * 4); }
@inline export function setSite(at: usize, value: i32): void { store<i32>(at, value, ICol.Site * 4); }
@inline export function viaOf(at: usize): i32 { return load<i32>(at, ICol.Via * 4); }
@inline export function setVia(at: usize, value: i32): void { store<i32>(at, value, ICol.Via * 4); }
@inline export function joinOf(at: usize): i32 { return load<i32>(at, ICol.Join * 4); }
@inline export function setJoin(at: usize, value: i32): void { store<i32>(at, value, ICol.Join * 4); }
@inline export function spanOf(at: usize): i32 { return load<i32>(at, ICol.Span * 4); }
@inline export function setSpan(at: usize, value: i32): void { store<i32>(at, value, ICol.Span * 4); }
@inline export function opOf(at: usize): i32 { return load<i32>(at, ICol.Op * 4); }
@inline export function setOp(at: usize, value: i32): void { store<i32>(at, value, ICol.Op * 4); }
@inline export function callingOf(at: usize): i32 { return load<i32>(at, ICol.Calling * 4); }
@inline export function setCalling(at: usize, value: i32): void { store<i32>(at, value, ICol.Calling * 4); }

/** The addresses of the records of a component, a node, a machine, a station, a call site. */
@inline export function componentAt(component: i32): usize { return table(Slot.Components) + component * Component.Bytes; }
@inline export function nodeAt(node: i32): usize { return table(Slot.Nodes) + node * NodeSize.Bytes; }
@inline export function machineAt(m: i32): usize { return table(Slot.Machines) + m * Machine.Bytes; }
@inline export function stationAt(i: i32): usize { return table(Slot.Stations) + i * Station.Bytes; }
@inline export function siteAt(site: i32): usize { return table(Slot.Sites) + site * Site.Bytes; }
/** Adds to a column of a record. */
@inline export function bump(at: usize, column: i32, value: i32): void { store<i32>(at + (column << 2), load<i32>(at + (column << 2)) + value); }
@inline export function grow(at: usize, column: i32, value: f64): void { store<f64>(at + (column << 3), load<f64>(at + (column << 3)) + value); }

/** The address of a population's columns. */
@inline export function populationAt(population: i32): usize { return table(Slot.Populations) + ((population * PopCol.Width) << 2); }
@inline export function setStatus(at: usize, status: i32): void { setFlags(at, (flagsOf(at) & ~Flag.StatusMask) | status); }
/** The event loop of its node that the row is given to. */
@inline export function processOf(at: usize): i32 { return (flagsOf(at) & Flag.ProcessMask) >> Flag.ProcessShift; }
/** The population that a request is of. */
@inline export function populationOf(at: usize): i32 { return opOf(at) >> 16; }

/** The address of a chain of spans. */
@inline export function chainAt(chain: i32): usize { return table(Slot.Chains) + chain * Chain.Bytes; }
