import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { LogFields } from './Logger.ts';

/** Number of frames of a stack that are logged. */
const FRAMES = 6;

/**
 * Returns the fields by which a failure is logged: its code, and the kind and the places in the code of its cause. Texts
 * stay out, because they may quote what a caller sent.
 *
 * @param error - The error that was thrown.
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
    // The log does not tell the program's place on this machine.
    .map((line) =>
      line.trim().replace(/(?:file:\/\/)?\/[^\s()]*?\/((?:src|dist|node_modules)\/)/, '$1'),
    );
  return {
    cause: cause.name,
    ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) && { causeCode: code }),
    ...(frames.length > 0 && { stack: frames.join(' | ') }),
  };
}
