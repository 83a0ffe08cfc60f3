import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { ICON_NAMES } from './src/ui/iconNames.ts';

const MODULE = 'drawings:icons';

/** A shape of a drawing: its element and attributes. */
type Shape = readonly [name: string, attributes: Readonly<Record<string, string>>];

/** Gives the build the drawings that the portal names, out of the package that has all: `drawings:icons`. */
export function drawnIcons(): Plugin {
  return {
    name: 'medseal-icons',
    resolveId(source) {
      return source === MODULE ? `\0${MODULE}` : undefined;
    },
    load(id) {
      if (id !== `\0${MODULE}`) return undefined;
      const path = createRequire(import.meta.url).resolve('@iconify-json/lucide/icons.json');
      const { icons } = JSON.parse(readFileSync(path, 'utf8')) as {
        icons: Readonly<Record<string, { readonly body: string }>>;
      };
      const drawn = ICON_NAMES.map((name) => {
        const body = icons[name]?.body;
        if (body === undefined) throw new Error(`There is no drawing called ${name}.`);
        return [name, shapesOf(body)] as const;
      });
      const text = JSON.stringify(JSON.stringify(Object.fromEntries(drawn)));
      return { code: `export const drawings = JSON.parse(${text});`, moduleType: 'js' };
    },
  };
}

/**
 * Returns the shapes of a drawing; a group only says how its lines look, which the style sheet does.
 *
 * @param body - The inside of an SVG element.
 */
export function shapesOf(body: string): readonly Shape[] {
  return [...body.matchAll(/<(path|circle|rect|line|ellipse|polyline|polygon)\b([^>]*?)\/?>/g)].map(
    ([, name = '', attributes = '']) => {
      const all = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)];
      const own = all.flatMap(([, key = '', value = '']) =>
        /^(?:fill|stroke)/.test(key) ? [] : [[key, value] as const],
      );
      return [name, Object.fromEntries(own)];
    },
  );
}
