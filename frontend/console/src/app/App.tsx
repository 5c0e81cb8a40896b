import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { ApiError } from "@sealtape/api-client";
import { cssVariables, theme } from "@sealtape/ui";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { onSignedOut } from "../api/api";
import { SpeechProvider } from "../i18n/context";
import { publishStyleNonce, styleNonce } from "./nonce";
import { createConsoleRouter } from "./router";

publishStyleNonce();

const RETRIES = 2;

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // What the server refused stays refused; what did not arrive may arrive.
      retry: (count, error) =>
        count < RETRIES && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
});
const router = createConsoleRouter(queryClient);

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname === "/login") return;
  // First away from the pages that read the cache, then forget what it held.
  void router.navigate({ to: "/login", search: { next: href } }).then(() => {
    queryClient.clear();
  });
});

const colorSchemes = localStorageColorSchemeManager({ key: "sealtape-colour-scheme" });

/** The console. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
      getStyleNonce={styleNonce}
    >
      <SpeechProvider>
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-right" limit={3} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </SpeechProvider>
    </MantineProvider>
  );
}
