import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

interface TextFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly placeholder?: string;
  readonly search?: boolean;
  readonly onCommit: (value: string | undefined) => void;
}

/** A text filter: what is typed counts on Enter or when the field is left. */
export function TextFilter({ label, value, placeholder, search = false, onCommit }: TextFilterProps) {
  const [draft, setDraft] = useState(value ?? "");
  const [seen, setSeen] = useState(value);
  // The URL can change behind the field (back, reset): it wins.
  if (seen !== value) {
    setSeen(value);
    setDraft(value ?? "");
  }
  const commit = (): void => {
    const next = draft.trim() === "" ? undefined : draft.trim();
    if (next !== value) onCommit(next);
  };
  return (
    <TextInput
      label={label}
      value={draft}
      placeholder={placeholder ?? ""}
      data-search={search ? true : undefined}
      leftSection={search ? <IconSearch size={16} aria-hidden /> : undefined}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}
