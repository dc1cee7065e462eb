/** Says in words why the operating system refused a file. */
import { printable } from '../terminal/printable.ts';

const words: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENXIO: 'it is not a regular file',
  EMFILE: 'too many open files',
};

/** The reason of a failed file operation, without the path that Node's own messages repeat. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && words[code]) || printable(message ?? String(error));
}
