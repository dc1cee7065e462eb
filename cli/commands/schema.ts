/** `tenfold schema`: the JSON Schema of scenario files, for editors. */
import { ExitCode } from '../exit.ts';
import { jsonSchema } from '../simulator.ts';
import { print } from '../terminal/streams.ts';

/** Prints the schema. */
export async function schema(): Promise<ExitCode> {
  await print(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return ExitCode.ok;
}
