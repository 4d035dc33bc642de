import type {OutlineNode} from '@flux/engine';
import {Circle, CircleDot} from 'lucide-react';
import {type KeyboardEvent, useEffect, useMemo, useRef, useState} from 'react';
import {Dialog, Modal, ModalOverlay} from 'react-aria-components';
import {type Command, commands, isEnabled, showShortcut} from '../commands';
import {toggleProbe} from '../commands/observe';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import {exampleTitle} from '../panels/Explorer';
import {examples, openExample} from '../session/files';
import {withOpenCircuit} from '../session/outline';
import type {Session} from '../session/session';
import {Icon, type IconType} from '../widgets/Icon';

interface Entry {
  key: string;
  group: string;
  label: string;
  icon?: IconType;
  shortcut?: string;
  run: () => void;
  /** Of a neuron: attaches a probe without opening the circuit it lies in, or takes it away. */
  probe?: () => void;
}

const mostShown = 60;

/** One neuron that is called by its whole path, as in leg[2]/hip or pool[7]: lists have nodes, not each of their copies and neurons. */
function useExactNeuron(text: string): Entry | null {
  const session = useSession();
  const [known, setKnown] = useState<{path: string; neuron: number} | null>(null);
  const path = text.trim();
  useEffect(() => {
    let isOver = false;
    if (!/[[/]/.test(path)) return;
    session.client.find(path).then(
      neuron => !isOver && setKnown(neuron === null ? null : {path, neuron}),
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [session, path]);
  if (known?.path !== path) return null;
  return {
    key: `neuron ${path}`,
    group: t('palette.nodes'),
    label: path,
    icon: CircleDot,
    run: () => void session.revealNeuron(path, known.neuron),
    probe: () => void probeAt(session, path),
  };
}

async function probeAt(session: Session, path: string): Promise<void> {
  const neuron = await session.client.find(path);
  if (neuron !== null) toggleProbe(session, {neuron, name: path});
}

/** All commands and all nodes, by what a person types. Every word must be found, in any order. */
export function Palette({nodesOnly}: {nodesOnly: boolean}) {
  const session = useSession();
  // What can be done depends on all of it: a selection that comes late brings its commands along.
  const state = useStudio(whole => whole);
  const {outline} = state;
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const close = () => session.showDialog(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is enabled depends on the whole state
  const entries = useMemo(() => {
    const all: Entry[] = nodesOnly
      ? []
      : commands
          .filter(command => command.id !== 'palette' && isEnabled(session, command))
          .map((command: Command) => ({
            key: command.id,
            group: t(command.group),
            label: t(command.label),
            icon: command.icon,
            shortcut: showShortcut(command.shortcut),
            run: () => void command.run(session),
          }));
    if (!nodesOnly) {
      for (const name of examples) {
        all.push({
          key: `example ${name}`,
          group: t('explorer.examples'),
          label: exampleTitle(name),
          run: () => void openExample(session, name),
        });
      }
    }
    const visit = (node: OutlineNode) => {
      for (const child of node.children ?? []) {
        all.push({
          key: `node ${child.path}`,
          group: t('palette.nodes'),
          label: child.path,
          icon: Circle,
          run: () => void session.reveal(child.path),
          probe: child.kind === 'neuron' && child.count === 1 ? () => void probeAt(session, child.path) : undefined,
        });
        visit(child);
      }
    };
    if (outline && state.view) visit({...outline, children: withOpenCircuit(outline.children ?? [], state.view)});
    return all;
  }, [nodesOnly, state, session]);

  const exact = useExactNeuron(text);
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter(entry => {
    const hay = `${entry.label} ${entry.group}`.toLocaleLowerCase();
    return words.every(word => hay.includes(word));
  });
  const shown = (exact && !found.some(entry => entry.label === exact.label) ? [exact, ...found] : found).slice(0, mostShown);
  const current = Math.min(at, shown.length - 1);

  const choose = (act: (() => void) | undefined) => {
    if (!act) return;
    close();
    // The command acts once focus is back where it was.
    requestAnimationFrame(act);
  };
  const key = (event: KeyboardEvent) => {
    const by = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (by && shown.length > 0) {
      event.preventDefault();
      const next = (current + by + shown.length) % shown.length;
      setAt(next);
      list.current?.querySelector(`#palette-${next}`)?.scrollIntoView({block: 'nearest'});
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      choose(event.altKey ? shown[current]?.probe : shown[current]?.run);
    }
  };
  const placeholder = t(nodesOnly ? 'action.search' : 'palette.placeholder');
  return (
    <ModalOverlay isOpen isDismissable className="overlay top" data-modal-open onOpenChange={isOpen => !isOpen && close()}>
      <Modal className="modal palette">
        <Dialog className="modal-dialog" aria-label={placeholder}>
          <input
            className="palette-input"
            type="text"
            autoFocus
            role="combobox"
            aria-expanded
            aria-controls="palette-list"
            aria-activedescendant={shown.length > 0 ? `palette-${current}` : undefined}
            aria-label={placeholder}
            placeholder={placeholder}
            value={text}
            onChange={event => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={key}
          />
          <div ref={list} id="palette-list" role="listbox" aria-label={placeholder} className="palette-list">
            {shown.map((entry, i) => (
              // biome-ignore lint/a11y/useFocusableInteractive: as above
              // biome-ignore lint/a11y/useKeyWithClickEvents: as above
              <div
                key={entry.key}
                id={`palette-${i}`}
                role="option"
                aria-selected={i === current}
                className="menu-item"
                onPointerMove={() => setAt(i)}
                onClick={event => choose(event.altKey ? entry.probe : entry.run)}
              >
                {entry.icon ? <Icon of={entry.icon} /> : <span style={{width: 16}} />}
                <span className="grow">{entry.label}</span>
                <span className="hint">{entry.group}</span>
                {entry.shortcut && <kbd>{entry.shortcut}</kbd>}
              </div>
            ))}
          </div>
          {shown.length === 0 && <p className="empty">{t('palette.nothing')}</p>}
          {shown[current]?.probe && (
            <p className="palette-hint">
              <kbd>{showShortcut('Alt+Enter')}</kbd> {t('palette.probe')}
            </p>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
