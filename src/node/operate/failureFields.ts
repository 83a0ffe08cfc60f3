import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { LogFields } from './Logger.ts';

/** How many frames of a stack are told. */
const FRAMES = 6;

/**
 * What a log says of a failure: its code, and of what went wrong inside the kind and the places in the code. Texts stay
 * out, for whoever wrote them may have quoted what somebody sent.
 *
 * @param error - What was thrown.
 */
export function failureFields(error: unknown): LogFields {
  const { code, retry, cause } = toMedsealError(error);
  return { code, retry, ...(cause instanceof Error && causeFields(cause)) };
}

function causeFields(cause: Error): LogFields {
  const { code } = cause as { code?: unknown };
  const frames = (cause.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES)
    // Where the program lies on this machine is nobody's business.
    .map((line) =>
      line.trim().replace(/(?:file:\/\/)?\/[^\s()]*?\/((?:src|dist|node_modules)\/)/, '$1'),
    );
  return {
    cause: cause.name,
    ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) && { causeCode: code }),
    ...(frames.length > 0 && { stack: frames.join(' | ') }),
  };
}
