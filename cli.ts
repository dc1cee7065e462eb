#!/usr/bin/env node
/** The command `tenfold`. Sets the exit code and lets the process end by itself, so that pipes are emptied first. */
import { main } from './cli/main.ts';

process.exitCode = await main(process.argv.slice(2));
