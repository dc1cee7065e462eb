/** The building blocks of every settings schema, in one place for actors to import. */
export * from './fields/common.ts';
export * from './fields/distribution.ts';
export * from './fields/machine.ts';
export { encodingName } from './fields/payload.ts';
export * from './fields/scalar.ts';
export * from './fields/steps.ts';
export { callingSteps, walkSteps } from './steps.ts';
export { parseCountOrSize } from './units.ts';
