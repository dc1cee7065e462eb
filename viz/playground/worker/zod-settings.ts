/** To be imported before anything that makes a schema: zod tries `new Function` with the first one, unless told not to. */
import * as z from 'zod';

/** The page's security policy forbids it, and browsers report the attempt. */
z.config({ jitless: true });
