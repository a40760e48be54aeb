# shops-app-01 with a store API that other storefronts may ask.
{
  imports = [ ./tested.nix ];
  rr.web.storeApi = "open";
}
