/** What bundles for Node begin with: CommonJS dependencies inside an ES module still call `require` for Node's own modules. */
export const banner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";
