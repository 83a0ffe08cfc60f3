/**
 * One life of an organisation's process, from its start to its crash. After the crash nothing of it reaches its disks
 * or the network any more, wherever it was.
 */
export class Host {
  readonly name: string;
  #alive = true;
  readonly #onStep: (step: string) => boolean;

  /**
   * @param name - The organisation.
   * @param onStep - Asked before and after each step on a disk: whether the host crashes there.
   */
  constructor(name: string, onStep: (step: string) => boolean = () => false) {
    this.name = name;
    this.#onStep = onStep;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Ends it, now. */
  crash(): void {
    this.#alive = false;
  }

  /**
   * The same object, whose methods of these names never return to a host that has crashed, nor begin for it.
   *
   * @param target - What the host changes a disk with.
   * @param methods - Those that change something; they return promises.
   * @param label - What it is called.
   */
  fence<Target extends object>(
    target: Target,
    methods: ReadonlySet<string>,
    label: string,
  ): Target {
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const call = (...values: unknown[]): unknown => Reflect.apply(member, target, values);
        if (typeof name !== 'string' || !methods.has(name)) return call;
        return async (...values: unknown[]) => {
          if (!this.#survives(`before ${label} ${name}`)) return await never();
          const result: unknown = await call(...values);
          return this.#survives(`after ${label} ${name}`) ? result : await never();
        };
      },
    });
  }

  #survives(step: string): boolean {
    if (this.#alive && this.#onStep(step)) this.crash();
    return this.#alive;
  }
}

/** What somebody waits for who is no more. */
async function never(): Promise<never> {
  return await new Promise<never>(() => undefined);
}
