/** A neuron that fires: a body, three roots, and the pulse that leaves it. */
export function Logo({size = 20}: {size?: number}) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <circle cx="10" cy="12" r="4.2" fill="currentColor" fillOpacity="0.25" />
      <path d="M6.6 9.2 3 5.5M5.8 12H1.8M6.6 14.8 3 18.5M14.2 12h3.2" />
      <circle cx="20.2" cy="12" r="1.9" fill="currentColor" stroke="none" />
    </svg>
  );
}
