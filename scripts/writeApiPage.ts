/** Writes `dist/api.md`, the page of all that the package exports, which goes into the package. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { apiPage } from './apiPage.ts';
import { emitDeclarations } from './declarations.ts';
import { publicApi } from './publicApi.ts';
import { ROOT } from './sdkPrograms.ts';

await using declarations = await emitDeclarations();
const page = apiPage(await publicApi(declarations.folder));
await mkdir(join(ROOT, 'dist'), { recursive: true });
await writeFile(join(ROOT, 'dist/api.md'), await format(page, { parser: 'markdown' }));
