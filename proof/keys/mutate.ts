import { registerHooks } from 'node:module';
import { mutated } from './mutated.ts';
import { MUTATIONS } from './mutations.ts';

/**
 * Loaded before all else, it puts the fault into the product's code that `MUTATION` names, for this process and those
 * that it starts: `MUTATION='nothing is sealed ahead' node --import ./mutate.ts runKeys.ts`.
 */
const mutation = MUTATIONS.find(({ name }) => name === process.env['MUTATION']);
if (mutation === undefined) throw new Error(`there is no mutation '${process.env['MUTATION']}'`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const other = [mutation, mutation.also].find(
      (each) => each && url.endsWith(`/src/${each.file}`),
    );
    return other ? { ...loaded, source: mutated(other, textOf(loaded.source)) } : loaded;
  },
});

function textOf(source: string | NodeJS.ArrayBufferView | ArrayBuffer | undefined | null): string {
  if (typeof source === 'string') return source;
  return new TextDecoder().decode(source ?? new Uint8Array());
}
