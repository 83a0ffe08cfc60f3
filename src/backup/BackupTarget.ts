/** Destination of a backup: a folder, or one file. */
export interface BackupTarget {
  /**
   * Writes a file, durably once the target is finished.
   * @param path - Within the backup, with `/`.
   * @param size - Its bytes.
   * @param content - Exactly `size` bytes.
   * @throws MedsealError `FOLDER_UNWRITABLE`.
   */
  write(path: string, size: number, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Makes all of it durable, and gives it its name. */
  finish(): Promise<void>;
  /** Deletes everything that was written, if it was not finished. */
  abandon(): Promise<void>;
}

/** Source of a backup: a folder, or one file. */
export interface BackupSource {
  /**
   * Yields all files, the manifest among them; each is read, or skipped, before the next.
   * @throws MedsealError `BACKUP_DAMAGED` if it is not a backup.
   */
  files(): AsyncIterable<SourceFile>;
}

/** A file in a backup. */
export interface SourceFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Yields its bytes, only once; a piece stays as it is only until the one after the next is asked for. */
  content(): AsyncIterable<Uint8Array>;
}
