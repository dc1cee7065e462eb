/** A small server on 127.0.0.1 with short patience: it has a handful of files to give and nothing to take. */
import { createServer, type Server } from 'node:http';
import { ExitCode, Failure } from '../exit.ts';
import { answerTo } from './answer.ts';
import type { ServedFile } from './files.ts';

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** Listens; `port` 0 takes any free one. Throws a Failure (2) when the port cannot be had. */
export async function listen(files: ReadonlyMap<string, ServedFile>, port: number): Promise<Listening> {
  const server: Server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: 10_000, headersTimeout: 10_000 },
    (asked, response) => {
      const { status, headers, body } = answerTo(asked, files, portOf(server));
      asked.resume(); // a body that nobody asked for
      response.writeHead(status, headers).end(asked.method === 'HEAD' ? undefined : body);
    },
  );
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(notListening(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function notListening(error: NodeJS.ErrnoException, port: number): Failure {
  if (error.code === 'EADDRINUSE') {
    return new Failure(
      ExitCode.usage,
      `port ${port} is taken by another program; choose another one with --port, or 0 for any`,
    );
  }
  if (error.code === 'EACCES')
    return new Failure(ExitCode.usage, `port ${port} is not for this user; choose one above 1023`);
  return new Failure(ExitCode.usage, `port ${port} could not be listened on: ${error.code ?? 'unknown reason'}`);
}
