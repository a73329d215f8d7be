# ruff: noqa: F821
"""Sent to GIMP by the tests of procedures: an image to work on, and calls as a script makes them."""


def new_image(width=64, height=48, layers=1):
    made = Gimp.Image.new(width, height, Gimp.ImageBaseType.RGB)
    for n in range(layers):
        kind = Gimp.ImageType.RGBA_IMAGE
        layer = Gimp.Layer.new(made, f"layer {n}", width, height, kind, 100.0, Gimp.LayerMode.NORMAL)
        made.insert_layer(layer, None, 0)
        buffer = layer.get_buffer()
        color = bytes([40, 90 + n, 160, 255])
        buffer.set(Gegl.Rectangle.new(0, 0, width, height), "R'G'B'A u8", color * (width * height))
        buffer.flush()
        layer.update(0, 0, width, height)
    return made


def configured(name, options):
    """The procedure, and its arguments with underscores as hyphens."""
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    for key, value in options.items():
        config.set_property(key.replace("_", "-"), value)
    return procedure, config


def call(name, drawables=None, mode=Gimp.RunMode.NONINTERACTIVE, **options):
    """Status, then the names of the new layers or what is told."""
    procedure, config = configured(name, {"run_mode": mode, "image": image, **options})
    config.set_core_object_array("drawables", image.get_layers() if drawables is None else drawables)
    result = procedure.run(config)
    if result.index(0) != Gimp.PDBStatusType.SUCCESS:
        return result.index(0).value_nick, Gimp.get_pdb().get_last_error()
    found = [layer.get_name() for layer in result.get_core_object_array(2)]
    assert found[0] == result.index(1).get_name()
    return "success", found


def status():
    procedure, config = configured("scumble-engine-status", {})
    return procedure.run(config).index(1)


def names():
    return [layer.get_name() for layer in image.get_layers()]


def pixel(layer, x=0, y=0):
    return list(layer.get_buffer().get(Gegl.Rectangle.new(x, y, 1, 1), 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE))


def specs(name):
    """What GIMP knows of a procedure's arguments."""
    return {spec.name: described(spec) for spec in Gimp.get_pdb().lookup_procedure(name).get_arguments()}


def described(spec):
    plain = {"type": spec.value_type.name, "nick": spec.nick, "blurb": spec.blurb}
    for key in ("minimum", "maximum", "default_value"):
        if hasattr(spec, key):
            plain[key] = getattr(spec, key)
    if spec.__gtype__.name == "GimpParamChoice":
        choice = Gimp.param_spec_choice_get_choice(spec)
        plain["choices"] = {nick: choice.get_label(nick) for nick in choice.list_nicks()}
    return plain


image = new_image()
