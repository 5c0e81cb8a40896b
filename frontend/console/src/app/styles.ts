// Mantine's styles are in a cascade layer: ours win in whatever order the chunks of lazily loaded pages bring them.
import "@sealtape/ui/styles.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
