/** Before all browser tests, once: the browser is unpacked, so that no thread starts what another one still writes. */
import { findChromium } from './chromium.ts';

export async function setup(): Promise<void> {
  await findChromium();
}
