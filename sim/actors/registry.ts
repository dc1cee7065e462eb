/** Every component type Tenfold knows: one line each. */
export {};
