import {DocumentStore, EngineError, isShareLink, type OpenDocument, type Step, type StoredDocument, type Version} from '@flux/engine';
import {t, titleText} from '../i18n';
import type {Session} from './session';

/** Milliseconds of quiet after which a version is written. Each edit stands in the journal at once. */
const delay = 1500;
const lastKey = 'flux.last';
/** The document with edits of a file of `flux studio FILE` that were not saved to it, a space, and the file's name. */
const unsavedKey = 'flux.unsaved';

/** Keeps the open document in the browser: every edit in a journal at once, a version after a moment of quiet. */
export class Documents {
  private store: Promise<DocumentStore | null>;
  private open: OpenDocument | null = null;
  private opening: Promise<OpenDocument | null> | null = null;
  private timer = 0;
  /** Ends when the last edit stands in the journal. */
  private noted: Promise<void> = Promise.resolve();

  constructor(private readonly session: Session) {
    this.store = DocumentStore.open().catch(() => null);
    session.onStep = step => {
      this.noted = this.note(step);
    };
    addEventListener('pagehide', () => void this.save());
    document.addEventListener('visibilitychange', () => document.hidden && void this.save());
  }

  /** The document that was last worked on in this browser. */
  static last(): string | null {
    return localStorage.getItem(lastKey);
  }

  /** The document with edits of the file that were not saved to it. */
  static unsaved(name: string): string | null {
    const kept = localStorage.getItem(unsavedKey) ?? '';
    const end = kept.indexOf(' ');
    return end > 0 && kept.slice(end + 1) === name ? kept.slice(0, end) : null;
  }
  static forgetUnsaved(): void {
    localStorage.removeItem(unsavedKey);
  }

  async list(): Promise<StoredDocument[]> {
    return (await this.store)?.list() ?? [];
  }

  async versions(): Promise<Version[]> {
    return this.open ? this.open.versions() : [];
  }

  async remove(id: string): Promise<void> {
    if (this.open?.id === id) this.leave();
    await (await this.store)?.remove(id);
    if (Documents.last() === id) localStorage.removeItem(lastKey);
  }

  /** Opens a kept document with all its edits. 'elsewhere': another tab has it; with `takeOver` it is taken from there. */
  async openKept(id: string, takeOver = false): Promise<'open' | 'elsewhere' | 'gone'> {
    const store = await this.store;
    if (!store) return 'gone';
    const isOwn = this.open?.id === id;
    if (isOwn) this.leave();
    const kept = await store.openDocument(id, takeOver || isOwn, () => this.lost());
    if (!kept) return 'elsewhere';
    const content = await kept.read();
    if (!content || !(await this.session.open({bytes: content.bytes, name: content.name}))) {
      kept.close();
      return 'gone';
    }
    await this.session.replay(content.steps);
    this.adopt(kept);
    return 'open';
  }

  /** Writes what waits to be written, before another circuit takes the place of this one. */
  async flush(): Promise<void> {
    await this.noted;
    if (this.session.state.get().saved === 'saving') await this.save();
  }

  /** Another circuit was opened: it gets a document of its own at its first edit. */
  leave(): void {
    clearTimeout(this.timer);
    this.open?.close();
    this.open = null;
    this.opening = null;
  }

  async restore(version: Version): Promise<void> {
    const {open, session} = this;
    if (!open) return;
    await this.save();
    const bytes = await open.version(version.name);
    if (!(await session.open({bytes, name: version.name}, true))) return;
    session.state.set({saved: 'saving'});
    this.schedule(0);
  }

  private adopt(document: OpenDocument): void {
    this.open = document;
    keepItem(lastKey, document.id);
    this.session.state.set({saved: 'saved'});
  }

  private async note(step: Step): Promise<void> {
    const {session} = this;
    // Until the first version stands there is nothing that a journal could go on from.
    const isFirst = this.open === null;
    const document = await this.ensure();
    if (!document) return;
    session.state.set({saved: 'saving'});
    const isJournalled = document.journal(step);
    this.schedule(isFirst || !isJournalled ? 0 : delay);
  }

  private async ensure(): Promise<OpenDocument | null> {
    if (this.open) return this.open;
    this.opening ??= this.create().catch(error => this.tell(error));
    return this.opening;
  }

  private async create(): Promise<OpenDocument | null> {
    const store = await this.store;
    if (!store) this.session.warn(t('error.noStorage'), t(isSecureContext ? 'error.noStorageFix' : 'error.insecureFix'));
    const make = (from: DocumentStore | null) => from?.create(() => this.lost());
    const made = await make(store)?.catch(async error => {
      if (!isCleared(error)) throw error;
      this.store = DocumentStore.open();
      return make(await this.store);
    });
    if (made) this.adopt(made);
    return made ?? null;
  }

  private schedule(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), milliseconds);
  }

  private async save(): Promise<void> {
    const {session, open} = this;
    clearTimeout(this.timer);
    if (!open || session.state.get().saved !== 'saving') return;
    const {editsDone, info} = session.state.get();
    try {
      const bytes = await session.client.save('flx');
      // Another circuit was opened meanwhile: these bytes may be its own. What was edited stands in the journal.
      if (this.open !== open) return;
      await open.save(bytes, info?.title ?? '');
      forgetAddress();
      if (session.serverFile && editsDone !== session.editsInFile) keepItem(unsavedKey, `${open.id} ${session.serverFile.name}`);
      // What was edited meanwhile is saved by the next turn.
      if (session.state.get().editsDone === editsDone) session.state.set({saved: 'saved'});
    } catch (error) {
      if (isCleared(error)) await this.keepAnew();
      else this.tell(error);
    }
  }

  /** What the browser kept was deleted, by a person or in another tab: what is open becomes a document of its own. */
  private async keepAnew(): Promise<void> {
    this.leave();
    if (!(await this.ensure())) return;
    this.session.state.set({saved: 'saving'});
    this.schedule(0);
    this.session.remind(t('document.keptAnew'));
  }

  private tell(error: unknown): null {
    this.session.state.set({saved: 'failed'});
    this.session.fail(error);
    return null;
  }

  /** Another tab took the document: edits made here go on in one of their own. */
  private lost(): void {
    this.leave();
    const title = titleText(this.session.state.get().info?.title);
    this.session.remind(t('document.otherTab', {title}));
  }
}

function isCleared(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'storageCleared';
}

/** What is kept opens again by itself; an address that names a circuit would bring back that circuit as it was before the edits. */
function forgetAddress(): void {
  const {pathname, searchParams, hash} = new URL(location.href);
  const isShared = isShareLink(hash);
  if (!isShared && !searchParams.has('example')) return;
  searchParams.delete('example');
  const search = searchParams.size > 0 ? `?${searchParams}` : '';
  history.replaceState(history.state, '', `${pathname}${search}${isShared ? '' : hash}`);
}

function keepItem(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without room for it the gallery still has the document.
  }
}
