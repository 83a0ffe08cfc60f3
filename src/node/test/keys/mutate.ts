import { registerHooks } from 'node:module';
import { MUTATIONS } from './mutations.ts';

/**
 * Loaded before all else, it puts the fault into the product's code that `MUTATION` names, for this process and those
 * that it starts: `MUTATION='nothing is sealed ahead' node --import ./mutate.ts runKeys.ts`.
 */
const mutation = MUTATIONS.find(({ name }) => name === process.env['MUTATION']);
if (mutation === undefined) throw new Error(`there is no mutation '${process.env['MUTATION']}'`);
const { file, from, to } = mutation;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/src/${file}`)) return loaded;
    const [before, after, ...more] = textOf(loaded.source).split(from);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} does not have '${from}' once`);
    }
    return { ...loaded, source: `${before}${to}${after}` };
  },
});

function textOf(source: string | NodeJS.ArrayBufferView | ArrayBuffer | undefined | null): string {
  if (typeof source === 'string') return source;
  return new TextDecoder().decode(source ?? new Uint8Array());
}
