import { MedsealError } from './MedsealError.ts';

/** Makes the error for a request of which a part is malformed. */
export function malformed(what: string): MedsealError<'REQUEST_MALFORMED'> {
  return new MedsealError('REQUEST_MALFORMED', { what });
}
