/** Fate of a step on a disk: the host crashes there, or hears of a failure; otherwise the step is done. */
export type Fate = 'crashes' | Error | undefined;

/**
 * One life of an organisation's process, from its start to its crash. After the crash nothing of it reaches its disks
 * or the network any more, wherever it was.
 */
export class Host {
  readonly name: string;
  #alive = true;
  readonly #onStep: (step: string) => Fate;
  readonly #onPart: (step: string) => Fate;

  /**
   * @param name - The organisation.
   * @param onStep - Decides the fate of each step on a disk, before and after it.
   * @param onPart - Decides it within a step that has several parts.
   */
  constructor(
    name: string,
    onStep: (step: string) => Fate = () => undefined,
    onPart: (step: string) => Fate = () => undefined,
  ) {
    this.name = name;
    this.#onStep = onStep;
    this.#onPart = onPart;
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
   * @param target - The object by which the host changes a disk.
   * @param methods - The methods that change something; they return promises.
   * @param label - The name of the object.
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
          if (!this.#survives(this.#onStep, `before ${label} ${name}`)) return await never();
          const result: unknown = await Promise.resolve(call(...values)).catch(
            async (error: unknown) => (this.#alive ? await Promise.reject(error) : await never()),
          );
          const survives = this.#survives(this.#onStep, `after ${label} ${name}`);
          return survives ? result : await never();
        };
      },
    });
  }

  /** Does a part of a step on a disk; throws if it fails, or the host has crashed. */
  part(step: string): void {
    if (!this.#survives(this.#onPart, step)) throw new Error(`${this.name} has crashed`);
  }

  #survives(onStep: (step: string) => Fate, step: string): boolean {
    const fate = this.#alive ? onStep(step) : undefined;
    if (fate instanceof Error) throw fate;
    if (fate === 'crashes') this.crash();
    return this.#alive;
  }
}

/** Promise for a host that has crashed; it never resolves. */
async function never(): Promise<never> {
  return await new Promise<never>(() => undefined);
}
