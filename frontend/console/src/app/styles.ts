// The order matters: ours overrides Mantine's.
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "@sealtape/ui/styles.css";
