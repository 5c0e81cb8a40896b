import { Kbd, Modal, Table } from "@mantine/core";
import { useSpeech } from "../i18n/context";
import type { PlainKey } from "../i18n/translate";

const KEYS: readonly { readonly keys: readonly string[]; readonly does: PlainKey }[] = [
  { keys: ["/"], does: "keys.search" },
  { keys: ["j", "k"], does: "keys.move" },
  { keys: ["Enter"], does: "keys.open" },
  { keys: ["Ctrl K", "⌘ K"], does: "keys.palette" },
  { keys: ["Space"], does: "keys.play" },
  { keys: ["←", "→"], does: "keys.seek" },
  { keys: [",", "."], does: "keys.step" },
  { keys: ["[", "]"], does: "keys.speed" },
  { keys: ["?"], does: "keys.help" },
];

/** The keys, in words. */
export function Help({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useSpeech();
  return (
    <Modal opened={opened} onClose={onClose} title={t("keys.title")} closeButtonProps={{ "aria-label": t("close") }}>
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {KEYS.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td w={130}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{t(does)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
