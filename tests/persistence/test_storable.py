from persistence.storable import storable


def test_only_the_null_character_is_replaced_and_lengths_stay() -> None:
    assert storable("a\0b\ufffd\x01🌿") == "a\ufffdb\ufffd\x01🌿"
