// The file that `flux studio FILE` was started with: read from, and saved to, the server that the page came from.
import {EngineError, type Problem} from './types';

const ADDRESS = 'document';
const TOKEN_HEADER = 'X-Flux-Token';

export class ServerFile {
  private tag = '';

  private constructor(
    readonly name: string,
    private readonly token: string,
  ) {}

  /** The file that the address ('#file=NAME&token=...') names; undefined when it names none. */
  static of(fragment: string): ServerFile | undefined {
    const parts = new URLSearchParams(fragment.replace(/^#/, ''));
    const name = parts.get('file');
    const token = parts.get('token');
    return name && token ? new ServerFile(name, token) : undefined;
  }

  async read(): Promise<Uint8Array> {
    const response = await this.fetch({});
    this.tag = response.headers.get('ETag') ?? '';
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Replaces the file. Rejects when it was changed since it was read, by whomever: what they wrote stays. */
  async save(bytes: Uint8Array): Promise<void> {
    const response = await this.fetch({method: 'PUT', body: bytes as BufferSource, headers: {'If-Match': this.tag}});
    this.tag = response.headers.get('ETag') ?? '';
  }

  private async fetch(request: RequestInit & {headers?: Record<string, string>}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(ADDRESS, {...request, headers: {...request.headers, [TOKEN_HEADER]: this.token}, cache: 'no-store'});
    } catch {
      throw this.problem({
        what: 'the server cannot be reached',
        fix: 'start flux studio again; the document is kept in the browser',
        code: 'serverGone',
      });
    }
    if (response.ok) return response;
    const text = (await response.text()).trim();
    const isChanged = response.status === 412;
    throw this.problem({
      what: text || `the server answered ${response.status}`,
      fix: isChanged ? 'open the file again, or save under another name' : 'save under another name',
      code: isChanged ? 'fileChanged' : undefined,
    });
  }

  private problem(problem: Omit<Problem, 'where'>): EngineError {
    return new EngineError({...problem, where: this.name});
  }
}
