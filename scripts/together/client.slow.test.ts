import { runTogether } from './runTogether.ts';
import { slowFilesOf } from './groups.ts';

await runTogether(slowFilesOf('client'));
