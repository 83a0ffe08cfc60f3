import { toMedsealError } from '../../errors/toMedsealError.ts';
import { openNetwork } from '../openNetwork.ts';

/** Opens the network of a folder in a process of its own, and reports the outcome. */

const [folder = ''] = process.argv.slice(2);
try {
  const network = await openNetwork({ folder, demo: true });
  await network.close();
  process.stdout.write('opened');
} catch (error) {
  const { code, values } = toMedsealError(error);
  process.stdout.write(JSON.stringify({ code, values }));
}
