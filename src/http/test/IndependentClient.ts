import { randomBytes } from 'node:crypto';
import { TypedDataEncoder, Wallet, type TypedDataField } from 'ethers';

/** A schema of the document, as far as this client looks into it. */
interface Schema {
  readonly 'x-eip712'?: readonly TypedDataField[];
}

/** The document, as far as this client looks into it. */
interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly operationId: string }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Answer of an operation. */
export interface Answer {
  readonly status: number;
  readonly value: unknown;
}

/**
 * A client that was written from an agent's OpenAPI document alone: it imports nothing of this project, and signs with
 * a library that others wrote.
 */
export class IndependentClient {
  readonly #server: string;
  readonly #document: Document;
  readonly wallet = Wallet.createRandom();

  private constructor(server: string, document: Document) {
    this.#server = server;
    this.#document = document;
  }

  /** Reads the document at an agent's address. */
  static async open(address: string): Promise<IndependentClient> {
    const answer = await fetch(`${address}/v1/openapi.json`);
    const document = (await answer.json()) as Document;
    const server = new URL(document.servers[0]?.url ?? '', address).href.replace(/\/$/, '');
    return new IndependentClient(server, document);
  }

  get party(): string {
    return this.wallet.address.toLowerCase();
  }

  /** Calls an operation by its id. */
  async call(
    id: string,
    parameters: Readonly<Record<string, unknown>>,
    body?: unknown,
  ): Promise<Answer> {
    for (const [path, methods] of Object.entries(this.#document.paths)) {
      for (const [method, { operationId }] of Object.entries(methods)) {
        if (operationId !== id) continue;
        const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name]));
        const answer = await fetch(this.#server + filled, {
          method: method.toUpperCase(),
          ...(body !== undefined && {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        });
        return { status: answer.status, value: await answer.json() };
      }
    }
    throw new Error(`the document has no operation ${id}`);
  }

  /** Signs a struct of the document: a signed request. */
  async sign(type: string, message: Readonly<Record<string, unknown>>): Promise<object> {
    const { value } = await this.call('getNetwork', {});
    const { networkId: salt, ledger } = value as { networkId: string; ledger: { chainId: number } };
    const domain = { name: 'Medseal', version: '1', chainId: ledger.chainId, salt };
    const signature = await this.wallet.signTypedData(domain, this.#typesOf(type), message);
    return { type, party: this.party, message, signature };
  }

  /** 16 random bytes for a request. */
  salt(): string {
    return `0x${randomBytes(16).toString('hex')}`;
  }

  #typesOf(type: string): Record<string, TypedDataField[]> {
    const fields = this.#document.components.schemas[type]?.['x-eip712'] ?? [];
    const types: Record<string, TypedDataField[]> = { [type]: [...fields] };
    for (const field of fields) {
      if (this.#document.components.schemas[field.type] === undefined) continue;
      Object.assign(types, this.#typesOf(field.type));
    }
    TypedDataEncoder.from(types);
    return types;
  }
}
