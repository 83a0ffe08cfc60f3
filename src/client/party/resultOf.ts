/**
 * Waits for a request to a browser's database.
 *
 * @param request - The request.
 * @throws DOMException of the browser.
 */
export async function resultOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return await new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}
