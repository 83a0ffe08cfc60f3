import type { KeptView, Signed, View, ViewSet } from '../struct/requests.ts';

/**
 * Returns what a request asks to see, whether or not its reader may look again.
 *
 * @param request - A request of any type.
 * @returns Undefined if it asks to see nothing, or several records at once.
 */
export function askedView({
  type,
  message,
}: Pick<Signed, 'type' | 'message'>): View | KeptView | undefined {
  return type === 'View' || type === 'KeptView' ? (message as View | KeptView) : undefined;
}

/**
 * Tells whether a request asks to see something: one thing, or several records at once.
 *
 * @param request - A request of any type.
 */
export function isView(request: Pick<Signed, 'type' | 'message'>): boolean {
  return request.type === 'ViewSet' || askedView(request) !== undefined;
}

/**
 * Returns until when a view lets its reader look again without another one.
 *
 * @param view - The view.
 * @returns Unix seconds; undefined if it does not.
 */
export function keepOf(view: View | KeptView | ViewSet): number | undefined {
  return 'keep' in view && view.keep !== 0 ? view.keep : undefined;
}
