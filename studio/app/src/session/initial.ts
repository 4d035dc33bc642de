import type {StudioState} from './state';

const storageKey = 'flux.layout';
/** What a person arranged once and finds again. */
const remembered = [
  'theme',
  'leftOpen',
  'rightOpen',
  'dockOpen',
  'leftWidth',
  'rightWidth',
  'dockHeight',
  'leftTab',
  'dockTab',
  'detail',
] as const;

export function initialState(): StudioState {
  return {
    status: 'loading',
    opened: 0,
    info: null,
    library: null,
    core: null,
    view: null,
    tabs: [''],
    active: '',
    outline: null,
    hasCanvas: false,
    selection: [],
    cell: null,
    single: null,
    tool: 'hand',
    edits: [],
    editsDone: 0,
    running: false,
    speed: 1000,
    seekable: null,
    dialog: null,
    menu: null,
    leftTab: 'outline',
    rightTab: 'inspector',
    dockTab: 'raster',
    leftOpen: innerWidth > 900,
    rightOpen: innerWidth > 700,
    dockOpen: innerHeight > 560,
    leftWidth: 248,
    rightWidth: 288,
    dockHeight: 200,
    theme: 'dark',
    detail: 1,
    saved: 'none',
    notices: [],
    probes: [],
    breakpoints: [],
    why: null,
    future: null,
    comparison: null,
    scope: 'all',
    owner: null,
    ...recall(),
  };
}

export function remember(state: StudioState): void {
  localStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(remembered.map(name => [name, state[name]]))));
}

function recall(): Partial<StudioState> {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Record<string, unknown>;
    return Object.fromEntries(
      remembered.flatMap(name => (stored[name] === undefined ? [] : [[name, stored[name]]])),
    ) as Partial<StudioState>;
  } catch {
    return {};
  }
}
