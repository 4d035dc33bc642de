export {createEngine, WorkerClient} from './client';
export {DocumentStore, OpenDocument, type StoredDocument, type Version} from './documents';
export type {DrawingAnswer, DrawingRequest} from './drawing';
export {exampleNames, exampleText} from './examples';
export {ServerFile} from './server-file';
export {isShareLink, LONGEST_SAFE_LINK, sharedText, shareLink} from './share';
export type {Step} from './steps';
export * from './types';
