/** `tenfold serve` for tests: the built command in a process of its own, on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Served {
  url: string;
  port: number;
  child: ChildProcess;
  /** What was written to stderr so far. */
  said(): string;
  /** Sends a signal; answers exit code and signal. */
  end(signal?: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]>;
}

/** Starts it and waits until it says where it is. Rejects with its stderr when it ends before. */
export async function startServer(args: readonly string[] = ['--port', '0']): Promise<Served> {
  const child = spawn(process.execPath, [program, 'serve', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (...end) => resolve(end)),
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    void ended.then(([code]) => reject(new Error(`exit ${code}: ${said}`)));
  });
  const end = (signal: NodeJS.Signals = 'SIGINT') => {
    child.kill(signal);
    return ended;
  };
  return { url, port: Number(new URL(url).port), child, said: () => said, end };
}
