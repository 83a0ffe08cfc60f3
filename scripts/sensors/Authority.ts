import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate with its key, as files and in PEM. */
export interface Certified {
  readonly files: { readonly cert: string; readonly key: string };
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test, by `openssl`. */
export class Authority {
  readonly #folder: string;
  readonly #name: string;
  /** File of its certificate. */
  readonly file: string;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.file = join(folder, `${name}.pem`);
  }

  /** Makes an authority whose files lie in a folder. */
  static async make(folder: string, name: string): Promise<Authority> {
    const authority = new Authority(folder, name);
    const key = join(folder, `${name}.key`);
    const about = ['-subj', `/CN=${name}`, '-days', '2', '-keyout', key, '-out', authority.file];
    await run('openssl', ['req', '-x509', ...NEW_KEY, ...about]);
    return authority;
  }

  /** Its certificate in PEM. */
  async pem(): Promise<string> {
    return await readFile(this.file, 'utf8');
  }

  /**
   * Signs a certificate for 127.0.0.1.
   *
   * @param name - Common name, which a broker may take as the user's.
   * @param days - Days for which it is valid; -1 for one that has expired.
   */
  async sign(name: string, days = 2): Promise<Certified> {
    const at = (ending: string): string => join(this.#folder, `${this.#name}-${name}.${ending}`);
    const [cert, key] = [at('pem'), at('key')];
    const about = ['-subj', `/CN=${name}`, '-keyout', key, '-out', at('csr')];
    await run('openssl', ['req', ...NEW_KEY, ...about]);
    await writeFile(at('ext'), 'subjectAltName=IP:127.0.0.1\n');
    const asked = ['-in', at('csr'), '-extfile', at('ext'), '-days', String(days), '-out', cert];
    const own = ['-CA', this.file, '-CAkey', join(this.#folder, `${this.#name}.key`)];
    await run('openssl', ['x509', '-req', ...asked, ...own, '-CAcreateserial']);
    const [certPem, keyPem] = await Promise.all([readFile(cert, 'utf8'), readFile(key, 'utf8')]);
    return { files: { cert, key }, cert: certPem, key: keyPem };
  }
}
