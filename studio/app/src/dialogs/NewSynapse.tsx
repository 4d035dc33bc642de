import type {ConnectionEnd} from '@flux/canvas';
import type {CircuitView, Json, NodeView} from '@flux/engine';
import {useState} from 'react';
import {useSession, useStudio} from '../context';
import {defaultFiber, neighbours, writtenRule} from '../fiber';
import {t} from '../i18n';
import {synapseProperties, synapseTypes} from '../properties';
import {inCircuit, withoutDefaults} from '../session/operations';
import {sharedPorts} from '../session/ports';
import type {Place} from '../session/state';
import {FiberFields} from '../widgets/FiberFields';
import {PropertyFields} from '../widgets/PropertyFields';
import {Segmented} from '../widgets/Segmented';
import {Card} from './Card';

const standard: Record<string, number> = Object.fromEntries(synapseProperties.map(spec => [spec.name, spec.default]));
/** A first synapse should be felt: strong enough to fire a neuron of the default threshold after two spikes. */
const strong = {...standard, weight: 80};

interface End {
  path: string;
  /** More than one neuron stands behind it: only a fiber can reach them. */
  isMany: boolean;
}

/** All that a node offers as an end of a connection. The one that was clicked comes first. */
export function endsOf(node: NodeView, end: ConnectionEnd, side: 'from' | 'to'): End[] {
  const copies = node.copies === undefined ? '' : '[*]';
  if (node.kind === 'neuron') {
    if (node.single) return [{path: node.id, isMany: false}];
    const one = end.neuron >= node.first ? [{path: `${node.id}[${end.neuron - node.first}]`, isMany: false}] : [];
    return [...one, {path: node.id, isMany: true}];
  }
  const offered = sharedPorts((side === 'to' ? node.inputs : node.outputs) ?? []);
  const ends = offered.map(({alias, count}) => ({path: `${node.id}${copies}/${alias}`, isMany: count > 1 || copies !== ''}));
  const clicked = end.port === undefined ? -1 : ends.findIndex(candidate => candidate.path.endsWith(`/${end.port}`));
  if (clicked > 0) ends.unshift(...ends.splice(clicked, 1));
  return ends;
}

export function NewSynapse({from, to: start, place, pick}: {from: ConnectionEnd; to: ConnectionEnd; place: Place; pick?: boolean}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const [to, setTo] = useState(start);
  const source = view.nodes.find(node => node.id === from.node);
  const target = view.nodes.find(node => node.id === to.node);
  const sources = source ? endsOf(source, from, 'from') : [];
  const targets = target ? endsOf(target, to, 'to') : [];
  const [sourceAt, setSourceAt] = useState(0);
  const [targetAt, setTargetAt] = useState(0);
  const [type, setType] = useState<(typeof synapseTypes)[number]>('direct');
  const [values, setValues] = useState<Record<string, number>>(strong);
  const [fiber, setFiber] = useState({...defaultFiber, kernel: neighbours(strong.weight, 10)});
  const close = () => session.showDialog(null);

  const sourceEnd = sources[sourceAt];
  const targetEnd = targets[targetAt];
  const isFiber = (sourceEnd?.isMany ?? false) || (targetEnd?.isMany ?? false);
  const isHidden = (name: string) =>
    (type === 'electric' && name === 'weight') || (isFiber && fiber.rule === 'kernel' && (name === 'weight' || name === 'length'));
  const canSubmit = sourceEnd !== undefined && targetEnd !== undefined;

  const create = async () => {
    if (!sourceEnd || !targetEnd) return;
    close();
    const shared = {...(type === 'direct' ? {} : {type}), ...withoutDefaults(values, standard)};
    const value: Json = isFiber
      ? withoutNulls({from: [wholes(sourceEnd.path)], to: [wholes(targetEnd.path)], ...shared, ...writtenRule(fiber)})
      : {from: sourceEnd.path, to: targetEnd.path, ...shared};
    const list = isFiber ? 'fibers' : 'synapses';
    const applied = await session.apply([{op: 'add', ...inCircuit(view), list, value}], {
      key: 'edit.connect',
      values: {from: sourceEnd.path, to: targetEnd.path},
    });
    if (applied) session.select([{kind: 'edge', list, index: lastIndex(session.state.get().view!, list)}]);
  };

  return (
    <Card
      title={t('synapse.newTitle')}
      at={place}
      action={t('action.create')}
      canSubmit={canSubmit}
      onSubmit={() => void create()}
      onClose={close}
    >
      <EndField
        id="synapse-from"
        label={t('inspector.from')}
        ends={sources}
        at={sourceAt}
        onChange={setSourceAt}
        missing={t('synapse.noOutput')}
      />
      {pick && (
        <div className="end-field">
          <label htmlFor="target-node">{t('synapse.target')}</label>
          <select
            id="target-node"
            className="select"
            value={to.node}
            onChange={event => {
              setTo({node: event.target.value, neuron: -1});
              setTargetAt(0);
            }}
          >
            {view.nodes.map(node => (
              <option key={node.id}>{node.id}</option>
            ))}
          </select>
        </div>
      )}
      {/* The one end of a target that was just chosen says nothing more. */}
      {!(pick && targets.length === 1) && (
        <EndField
          id="synapse-to"
          label={t('inspector.to')}
          ends={targets}
          at={targetAt}
          onChange={setTargetAt}
          missing={t('synapse.noInput')}
        />
      )}
      {isFiber && <FiberFields choice={fiber} onChange={setFiber} />}
      <Segmented
        label={t('inspector.type')}
        value={type}
        options={synapseTypes.map(value => ({value, label: t(`type.${value}`)}))}
        onChange={setType}
      />
      <p className="help card-help">{t(`type.${type}.help`)}</p>
      <PropertyFields
        specs={synapseProperties.filter(spec => !isHidden(spec.name))}
        values={values}
        onChange={(name, value) => setValues({...values, [name]: value})}
        more={t('inspector.learning')}
      />
    </Card>
  );
}

/** A fiber takes whole nodes: what was one neuron of a population stands for all of it. */
function wholes(path: string): string {
  return path.replace(/\[\d+\]$/, '');
}

function withoutNulls(values: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function lastIndex(view: CircuitView, list: 'synapses' | 'fibers'): number {
  return view.edges.filter(edge => edge.list === list).length - 1;
}

interface EndFieldProps {
  id: string;
  label: string;
  ends: End[];
  at: number;
  missing: string;
  onChange: (at: number) => void;
}

function EndField({id, label, ends, at, missing, onChange}: EndFieldProps) {
  return (
    <div className="end-field">
      <label htmlFor={id}>{label}</label>
      {ends.length === 0 && <span className="field-error">{missing}</span>}
      {ends.length === 1 && <output id={id}>{ends[0]!.path}</output>}
      {ends.length > 1 && (
        <select id={id} className="select" value={at} onChange={event => onChange(Number(event.target.value))}>
          {ends.map((end, i) => (
            <option key={end.path} value={i}>
              {end.path}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
