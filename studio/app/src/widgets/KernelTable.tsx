import {Plus, Trash2} from 'lucide-react';
import {useState} from 'react';
import {formatNumber, t} from '../i18n';
import {type KernelOffset, kernelProperties} from '../properties';
import {Icon} from './Icon';
import {IconButton} from './IconButton';
import {useTypedNumber} from './typedNumber';

/** Offsets that are shown at first, and that one more press shows. */
const page = 50;

interface Props {
  offsets: KernelOffset[];
  onChange: (offsets: KernelOffset[], settled: boolean) => void;
}

/** The offsets of a kernel, one a row. */
export function KernelTable({offsets, onChange}: Props) {
  const [shown, setShown] = useState(page);
  const add = () => {
    const [columns, rows, weight, length] = offsets[offsets.length - 1] ?? [0, 0, 20, 10];
    setShown(Math.max(shown, offsets.length + 1));
    onChange([...offsets, [columns + 1, rows, weight, length]], true);
  };
  return (
    <div className="kernel">
      <table>
        <caption className="help">{t('kernel.help')}</caption>
        <thead>
          <tr>
            {kernelProperties.map(spec => (
              <th key={spec.name} scope="col" title={t(spec.help)}>
                {t(spec.label)}
                <span className="unit">{t(spec.unit)}</span>
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {offsets.slice(0, shown).map((offset, row) => (
            <OffsetRow
              // biome-ignore lint/suspicious/noArrayIndexKey: an offset is told by its place alone
              key={row}
              row={row}
              offset={offset}
              onChange={(next, settled) => onChange(offsets.with(row, next), settled)}
              onRemove={offsets.length > 1 ? () => onChange(offsets.toSpliced(row, 1), true) : undefined}
            />
          ))}
        </tbody>
      </table>
      {offsets.length > shown && (
        <button type="button" className="button small" onClick={() => setShown(shown + 4 * page)}>
          {t('kernel.more', {shown: formatNumber(shown), count: offsets.length})}
        </button>
      )}
      <button type="button" className="button outlined small" onClick={add}>
        <Icon of={Plus} size={14} /> {t('kernel.add')}
      </button>
    </div>
  );
}

interface RowProps {
  row: number;
  offset: KernelOffset;
  onChange: (offset: KernelOffset, settled: boolean) => void;
  /** Absent: it is the only one, and stays. */
  onRemove?: () => void;
}

function OffsetRow({row, offset, onChange, onRemove}: RowProps) {
  const cells = kernelProperties.map((spec, part) => ({
    spec,
    // biome-ignore lint/correctness/useHookAtTopLevel: always four
    ...useTypedNumber(offset[part]!, spec, (value, settled) => onChange(offset.with(part, value) as KernelOffset, settled)),
  }));
  const problem = cells.find(cell => cell.problem)?.problem;
  return (
    <>
      <tr>
        {cells.map(({spec, input}) => (
          <td key={spec.name}>
            <input {...input} aria-label={t('kernel.cell', {name: t(spec.label), row: row + 1})} />
          </td>
        ))}
        <td>{onRemove && <IconButton icon={Trash2} size={14} label={t('kernel.remove', {row: row + 1})} onPress={onRemove} />}</td>
      </tr>
      {problem && (
        <tr>
          <td colSpan={5} className="field-error" role="alert">
            {problem}
          </td>
        </tr>
      )}
    </>
  );
}
