/** How much has been handled in this call of the loop. */
export let handled: i32 = 0;

@inline
export function begin(): void {
  handled = 0;
}

/** So many events more. */
@inline
export function count(events: i32): void {
  handled += events;
}
