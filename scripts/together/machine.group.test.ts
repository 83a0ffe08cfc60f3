import { filesOf } from './groups.ts';
import { runTogether } from './runTogether.ts';

await runTogether(filesOf('machine'));
