// Documents kept in the browser: each a folder of versions in the origin-private file system. A version is written whole or not at all; edits
// since the last one stand in a journal that is written at once. So nothing that was applied is lost, whatever ends the page.
import {isStep, type Step} from './steps';
import {EngineError, type Problem} from './types';

const FOLDER = 'documents';
const JOURNAL = 'flux-journal-';
const LOCK = 'flux-document-';
const VERSION = /^(\d{13})-(\d{6})\.(flx|json)$/;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Version {
  name: string;
  /** Milliseconds since 1970. */
  time: number;
  bytes: number;
}

export interface StoredDocument {
  id: string;
  title: string;
  time: number;
  bytes: number;
}

/** Versions to keep at time `now`: all of the last ten minutes, one a minute of the last hour, one an hour of the last day, then one a day. */
export function versionsToDrop(versions: Version[], now: number): Version[] {
  const kept = new Set<string>();
  const drop: Version[] = [];
  for (const version of [...versions].sort((a, b) => b.name.localeCompare(a.name)).slice(1)) {
    const age = now - version.time;
    if (age < 10 * MINUTE) continue;
    const span = age < HOUR ? MINUTE : age < DAY ? HOUR : DAY;
    const slot = `${span}:${Math.floor(version.time / span)}`;
    if (kept.has(slot)) drop.push(version);
    kept.add(slot);
  }
  return drop;
}

/** What a browser calls the ways in which it fails to keep something. */
const failures: Record<string, Problem> = {
  QuotaExceededError: {
    what: 'the browser has no more room for documents',
    where: '',
    fix: 'remove old documents, or save this one to a file',
    code: 'storageFull',
  },
  NotFoundError: {what: 'what the browser kept was deleted', where: '', fix: 'save the document anew', code: 'storageCleared'},
};

function storageProblem(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const known = error instanceof DOMException ? failures[error.name] : undefined;
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const refused: Problem = {what: 'the browser cannot store documents', where: '', fix: 'save to a file', code: 'storageRefused'};
  return new EngineError({...(known ?? refused), reason});
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageProblem(error);
  }
}

/** A document that this tab may change; others are told apart by a lock that the browser gives up when the tab ends. */
export class OpenDocument {
  private sequence = 0;
  private saving: Promise<void> = Promise.resolve();
  private released = false;

  constructor(
    readonly id: string,
    private readonly folder: FileSystemDirectoryHandle,
    private readonly release: () => void,
  ) {}

  /** The newest version, and the steps that were journalled after it; undefined while nothing was saved. */
  async read(): Promise<{bytes: Uint8Array; name: string; steps: Step[]} | undefined> {
    return guarded(async () => {
      const newest = (await this.versions())[0];
      if (!newest) return undefined;
      return {bytes: await this.version(newest.name), name: newest.name, steps: this.journalled(newest.name)};
    });
  }

  /** Newest first. */
  async versions(): Promise<Version[]> {
    return guarded(() => versionsOf(this.folder));
  }

  async version(name: string): Promise<Uint8Array> {
    return guarded(async () => {
      const file = await (await this.folder.getFileHandle(name)).getFile();
      return new Uint8Array(await file.arrayBuffer());
    });
  }

  /** Adds a version. Calls in a row are written one after the other. */
  save(bytes: Uint8Array, title: string): Promise<void> {
    const saved = this.saving.then(() => guarded(() => this.write(bytes, title)));
    this.saving = saved.catch(() => undefined);
    return saved;
  }

  /** Notes a step that no version has yet; it is there when this returns. False: there was no room for it, a version is to be saved at once. */
  journal(step: Step): boolean {
    try {
      const entries = localStorage.getItem(JOURNAL + this.id) ?? '';
      localStorage.setItem(JOURNAL + this.id, `${entries}${JSON.stringify(step)}\n`);
      return true;
    } catch {
      return false;
    }
  }

  /** Gives the document up, so that another tab may open it. */
  close(): void {
    if (!this.released) this.release();
    this.released = true;
  }

  private async write(bytes: Uint8Array, title: string): Promise<void> {
    if (this.released)
      throw new EngineError({what: 'the document was taken over by another tab', where: '', fix: 'go on there', code: 'takenOver'});
    const before = localStorage.getItem(JOURNAL + this.id) ?? '';
    const isBinary = bytes[0] === 0x46 && bytes[1] === 0x4c && bytes[2] === 0x58;
    const name = `${Date.now()}-${String(++this.sequence).padStart(6, '0')}.${isBinary ? 'flx' : 'json'}`;
    await writeFile(this.folder, name, bytes);
    await writeFile(this.folder, 'title', new TextEncoder().encode(title));
    this.beginJournal(name, before);
    for (const old of versionsToDrop(await versionsOf(this.folder), Date.now())) await this.folder.removeEntry(old.name);
  }

  /** A version was written: of the journal only steps that came meanwhile stay, those behind `before`. */
  private beginJournal(version: string, before: string): void {
    const now = localStorage.getItem(JOURNAL + this.id) ?? '';
    const rest = now.startsWith(before) ? now.slice(before.length) : '';
    try {
      localStorage.setItem(JOURNAL + this.id, `${JSON.stringify({since: version})}\n${rest}`);
    } catch {
      // There is no room for a journal: without one every step is saved as a version.
      localStorage.removeItem(JOURNAL + this.id);
    }
  }

  private journalled(version: string): Step[] {
    const [head, ...lines] = (localStorage.getItem(JOURNAL + this.id) ?? '').split('\n').filter(line => line !== '');
    if (head === undefined || (JSON.parse(head) as {since?: string}).since !== version) return [];
    return lines.map(line => JSON.parse(line) as unknown).filter(isStep);
  }
}

async function writeFile(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array): Promise<void> {
  const writable = await (await folder.getFileHandle(name, {create: true})).createWritable();
  try {
    await writable.write(bytes as BufferSource);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
}

async function versionsOf(folder: FileSystemDirectoryHandle): Promise<Version[]> {
  const versions: Version[] = [];
  for await (const [name, handle] of folder.entries()) {
    const match = VERSION.exec(name);
    if (!match || handle.kind !== 'file') continue;
    const {size} = await (handle as FileSystemFileHandle).getFile();
    // A file that was made but never closed has no content.
    if (size > 0) versions.push({name, time: Number(match[1]), bytes: size});
  }
  return versions.sort((a, b) => b.name.localeCompare(a.name));
}

export class DocumentStore {
  private constructor(private readonly folder: FileSystemDirectoryHandle) {}

  /** Rejects with an EngineError where the browser has no such storage (private windows of some, pages that are not served securely). */
  static async open(): Promise<DocumentStore> {
    return guarded(async () => {
      if (!navigator.storage?.getDirectory || !navigator.locks) throw new Error('it has no private file system');
      void navigator.storage.persist?.();
      return new DocumentStore(await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, {create: true}));
    });
  }

  /** Newest first. */
  async list(): Promise<StoredDocument[]> {
    return guarded(async () => {
      const documents: StoredDocument[] = [];
      for await (const [id, handle] of this.folder.entries()) {
        if (handle.kind !== 'directory') continue;
        const folder = handle as FileSystemDirectoryHandle;
        const newest = (await versionsOf(folder))[0];
        if (!newest) continue;
        const title = await folder
          .getFileHandle('title')
          .then(file => file.getFile())
          .then(file => file.text())
          .catch(() => '');
        documents.push({id, title, time: newest.time, bytes: newest.bytes});
      }
      return documents.sort((a, b) => b.time - a.time);
    });
  }

  create(onLost: () => void): Promise<OpenDocument> {
    return this.openDocument(crypto.randomUUID(), false, onLost) as Promise<OpenDocument>;
  }

  /**
   * Opens a document to change it. Undefined: another tab has it open; with `takeOver` it is taken from that tab. `onLost` is called when
   * another tab takes it from this one.
   */
  openDocument(id: string, takeOver: boolean, onLost: () => void): Promise<OpenDocument | undefined> {
    return guarded(
      () =>
        new Promise<OpenDocument | undefined>((resolve, reject) => {
          let opened: OpenDocument | undefined;
          const held = navigator.locks.request(LOCK + id, takeOver ? {steal: true} : {ifAvailable: true}, async lock => {
            if (!lock) return resolve(undefined);
            const folder = await this.folder.getDirectoryHandle(id, {create: true});
            await new Promise<void>(release => {
              opened = new OpenDocument(id, folder, release);
              resolve(opened);
            });
          });
          held.catch(error => {
            if (!opened) return reject(error);
            opened.close();
            onLost();
          });
        }),
    );
  }

  async remove(id: string): Promise<void> {
    return guarded(async () => {
      await this.folder.removeEntry(id, {recursive: true});
      localStorage.removeItem(JOURNAL + id);
    });
  }
}
