import type { KeptView, Signed, View } from './requests.ts';

/**
 * Returns what a request asks to see, whether or not its reader may look again.
 *
 * @param request - A request of any type.
 * @returns Undefined if it asks to see nothing.
 */
export function askedView({
  type,
  message,
}: Pick<Signed, 'type' | 'message'>): View | KeptView | undefined {
  return type === 'View' || type === 'KeptView' ? (message as View | KeptView) : undefined;
}

/**
 * Returns until when a view lets its reader look again without another one.
 *
 * @param view - The view.
 * @returns Unix seconds; undefined if it does not.
 */
export function keepOf(view: View | KeptView): number | undefined {
  return 'keep' in view ? view.keep : undefined;
}
