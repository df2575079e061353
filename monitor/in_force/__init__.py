"""What counts now: the words of the files, over them what people saved on screen."""
