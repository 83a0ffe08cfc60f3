import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inOrderOfSettling } from './inOrderOfSettling.ts';

it('what comes first is given first, and nothing is waited for behind it', async () => {
  const never = new Promise<string>(() => undefined);
  const late = Promise.withResolvers<string>();
  const given = inOrderOfSettling([never, late.promise, Promise.resolve('at once')]);
  assert.equal((await given.next()).value, 'at once');
  late.resolve('late');
  assert.equal((await given.next()).value, 'late');
  await given.return();
});

it('everything is given, and then it ends', async () => {
  const values: number[] = [];
  for await (const value of inOrderOfSettling(
    [1, 2, 3].map(async (each) => await Promise.resolve(each)),
  ))
    values.push(value);
  assert.deepEqual(new Set(values), new Set([1, 2, 3]));
});
